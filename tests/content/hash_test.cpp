#include "content/hash.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "content/chunk_plan.hpp"
#include "content/content_id.hpp"
#include "support/content_pattern.hpp"
#include "support/vector_file.hpp"

namespace essaim::content {
namespace {

std::vector<Leaf> leaves_of(ByteView content) {
  const ChunkPlan plan = *plan_for(content.size());
  std::vector<Leaf> leaves;
  for (std::uint32_t i = 0; i < plan.chunks; ++i) {
    const auto index = ChunkIndex{i};
    leaves.push_back(leaf_of(content.subspan(plan.offset(index), plan.length(index))));
  }
  return leaves;
}

TEST(Hash, AgreesWithThePublishedContents) {
  for (const auto& vector : test::read_vectors("content_hashes.json").at("contents").as_array()) {
    const Bytes content = test::content_pattern(test::decimal_at<std::size_t>(vector, "size"));
    const std::vector<Leaf> leaves = leaves_of(content);
    const auto& published = vector.at("leaves").as_array();
    ASSERT_EQ(leaves.size(), published.size());
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      EXPECT_EQ(to_hex(leaves[i].view()), boost::json::value_to<std::string>(published[i]));
    }
    const ContentId id = content_id_of(content.size(), leaves);
    EXPECT_EQ(content_id_text(id), test::text_at(vector, "content_id")) << content.size();
    EXPECT_EQ(to_hex(id.view()), test::text_at(vector, "content_id_hex"));
    EXPECT_EQ(parse_content_id(test::text_at(vector, "content_id")), id);
    EXPECT_EQ(to_hex(sha256_of(content).view()), test::text_at(vector, "sha256"));
  }
}

TEST(Hash, AgreesWithThePublishedIdsOfContentWithLargerChunks) {
  for (const auto& vector : test::read_vectors("content_hashes.json").at("ids").as_array()) {
    const auto size = test::decimal_at<std::uint64_t>(vector, "size");
    std::vector<Leaf> leaves(plan_for(size)->chunks);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      for (std::size_t byte = 0; byte < 4; ++byte) leaves[i].bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
    }
    EXPECT_EQ(content_id_text(content_id_of(size, leaves)), test::text_at(vector, "content_id")) << size;
  }
}

TEST(Hash, DoesNotDependOnHowTheBytesCome) {
  const Bytes content = test::content_pattern(70'000);
  LeafHasher leaf_hasher;
  Sha256Hasher sha_hasher;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{63}, std::size_t{1024}, std::size_t{16'384}}) {
    for (ByteView rest = content; !rest.empty(); rest = rest.subspan(std::min(piece, rest.size()))) {
      leaf_hasher.update(rest.first(std::min(piece, rest.size())));
      sha_hasher.update(rest.first(std::min(piece, rest.size())));
    }
    EXPECT_EQ(leaf_hasher.finish(), leaf_of(content)) << piece;
    EXPECT_EQ(sha_hasher.finish(), sha256_of(content)) << piece;
  }
}

TEST(Hash, OfNoBytesIsTheSameWhicheverWayItIsAsked) {
  EXPECT_EQ(LeafHasher().finish(), leaf_of({}));
  EXPECT_EQ(Sha256Hasher().finish(), sha256_of({}));
}

TEST(ContentIdText, RefusesEveryOtherText) {
  const std::string text = content_id_text(content_id_of(0, {}));
  ASSERT_EQ(text.size(), kContentIdChars);
  for (const std::string& other :
       {std::string(), text.substr(1), text + "a", text + "aa", std::string(51, 'a') + "b", "A" + text.substr(1)}) {
    EXPECT_FALSE(parse_content_id(other)) << other;
  }
}

}  // namespace
}  // namespace essaim::content
