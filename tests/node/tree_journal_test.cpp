#include "node/tree_journal.hpp"

#include <gtest/gtest.h>

#include "content/chunk_plan.hpp"

namespace essaim::node {
namespace {

// One chunk, several, none, several.
const std::vector<swarm::Item> kItems{
    {.size = 100}, {.size = 10 * content::kChunkBytesMin}, {.size = 0}, {.size = 3 * content::kChunkBytesMin + 1}};

Leaf leaf(std::uint8_t number) {
  Leaf leaf;
  leaf.bytes.fill(number);
  return leaf;
}

TreeJournal example() {
  TreeJournal journal{.clean = true, .whole = {true, false, true, false}, .parts = {}};
  TreeJournal::Part first{.item = 1, .chunks = std::vector<bool>(10), .leaves = std::vector<Leaf>(10, leaf(7))};
  first.chunks[9] = true;
  journal.parts.push_back(first);
  journal.parts.push_back({.item = 3, .chunks = {true, false, false, true}, .leaves = std::vector<Leaf>(4, leaf(9))});
  return journal;
}

TEST(TreeJournal, IsReadAsItWasWritten) {
  EXPECT_EQ(parse_tree_journal(encode_tree_journal(example()), kItems), example());
  const TreeJournal empty{.clean = false, .whole = std::vector<bool>(4), .parts = {}};
  EXPECT_EQ(parse_tree_journal(encode_tree_journal(empty), kItems), empty);
}

TEST(TreeJournal, IsNothingWhenItIsCutShort) {
  const Bytes whole = encode_tree_journal(example());
  const std::size_t without_parts = 2 + 1;
  const std::size_t with_one_part = without_parts + 4 + 2 + 10 * 32;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const bool ends_with_a_part = length == without_parts || length == with_one_part;
    EXPECT_EQ(parse_tree_journal(ByteView(whole).first(length), kItems).has_value(), ends_with_a_part) << length;
  }
}

TEST(TreeJournal, IsNothingForOtherItems) {
  Bytes bytes = encode_tree_journal(example());
  EXPECT_FALSE(parse_tree_journal(bytes, {kItems[0], kItems[0], kItems[0], kItems[0]})) << "of one chunk each";
  bytes[0] = 1;
  EXPECT_FALSE(parse_tree_journal(bytes, kItems)) << "a file's journal";
}

TEST(TreeJournal, RefusesPartsOutOfOrder) {
  TreeJournal journal = example();
  std::swap(journal.parts[0], journal.parts[1]);
  EXPECT_FALSE(parse_tree_journal(encode_tree_journal(journal), kItems));
}

}  // namespace
}  // namespace essaim::node
