#include "node/journal.hpp"

#include <gtest/gtest.h>

namespace essaim::node {
namespace {

constexpr std::uint64_t kChunk = content::kChunkBytesMin;

Leaf leaf(std::uint8_t value) {
  Leaf made;
  made.bytes.fill(value);
  return made;
}

Journal nine_chunks() {
  Journal journal{.clean = true, .chunks = std::vector<bool>(9), .leaves = {}};
  journal.chunks[0] = journal.chunks[7] = journal.chunks[8] = true;
  for (std::uint8_t i = 0; i < 9; ++i) journal.leaves.push_back(leaf(i));
  return journal;
}

const content::ChunkPlan nine = *content::plan_for(8 * kChunk + 1);

TEST(Journal, ReadsBackWhatWasWritten) {
  Journal journal = nine_chunks();
  EXPECT_EQ(parse_journal(encode_journal(journal), nine), journal);
  journal.clean = false;
  journal.leaves.clear();
  EXPECT_EQ(parse_journal(encode_journal(journal), nine), journal);
}

TEST(Journal, OfEmptyContentHasNeitherChunksNorLeaves) {
  const auto plan = *content::plan_for(0);
  EXPECT_EQ(parse_journal(encode_journal({}), plan), Journal{});
}

TEST(Journal, RefusesWhatItDidNotWrite) {
  const Bytes good = encode_journal(nine_chunks());
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = good;
    bytes.at(at) = value;
    return bytes;
  };
  EXPECT_FALSE(parse_journal({}, nine)) << "nothing at all";
  EXPECT_FALSE(parse_journal(changed(0, 2), nine)) << "another version";
  EXPECT_FALSE(parse_journal(changed(1, 2), nine)) << "neither clean nor not";
  EXPECT_FALSE(parse_journal(ByteView(good).first(3), nine)) << "a bitmap cut off";
  EXPECT_FALSE(parse_journal(ByteView(good).first(good.size() - 1), nine)) << "a leaf cut off";
  EXPECT_FALSE(parse_journal(ByteView(good).first(good.size() - kDigestBytes), nine)) << "a leaf too few";
  EXPECT_FALSE(parse_journal(good, *content::plan_for(9 * kChunk + 1))) << "of other content";
}

}  // namespace
}  // namespace essaim::node
