#include "content/manifest.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <gtest/gtest.h>

#include "content/hash.hpp"
#include "support/content_pattern.hpp"

namespace essaim::content {
namespace {

constexpr std::uint32_t kThreeChunks = 2 * kChunkBytesMin + 7;

ByteView chunk_of(ByteView content, std::uint32_t index) {
  const ChunkPlan plan = *plan_for(content.size());
  return content.subspan(plan.offset(ChunkIndex{index}), plan.length(ChunkIndex{index}));
}

Manifest manifest_of(ByteView content) {
  Manifest manifest{.size = content.size()};
  for (std::uint32_t i = 0; i < plan_for(content.size())->chunks; ++i) {
    manifest.leaves.push_back(leaf_of(chunk_of(content, i)));
  }
  return manifest;
}

TEST(CheckManifest, GivesBackWhatBelongsToTheId) {
  for (const std::uint32_t size : {0U, 1U, kChunkBytesMin, kThreeChunks}) {
    const Manifest manifest = manifest_of(test::content_pattern(size));
    EXPECT_EQ(check_manifest(size, manifest.leaves, manifest.id()), manifest) << size;
  }
}

TEST(CheckManifest, RefusesASizeThatNoContentHas) {
  EXPECT_EQ(check_manifest(kContentBytesMax + 1, {}, ContentId{}), fail(ManifestError::kTooLarge));
  EXPECT_EQ(check_manifest(std::numeric_limits<std::uint64_t>::max(), {}, ContentId{}), fail(ManifestError::kTooLarge));
  EXPECT_EQ(check_manifest(kContentBytesMax, {}, ContentId{}), fail(ManifestError::kLeafCount));
}

TEST(CheckManifest, RefusesOneLeafTooFewOrTooMany) {
  Manifest manifest = manifest_of(test::content_pattern(kThreeChunks));
  const ContentId id = manifest.id();
  manifest.leaves.emplace_back();
  EXPECT_EQ(check_manifest(manifest.size, manifest.leaves, id), fail(ManifestError::kLeafCount));
  manifest.leaves.resize(2);
  EXPECT_EQ(check_manifest(manifest.size, manifest.leaves, id), fail(ManifestError::kLeafCount));
}

TEST(CheckManifest, RefusesAnyChangeToSizeOrLeaves) {
  const Manifest manifest = manifest_of(test::content_pattern(kThreeChunks));
  const ContentId id = manifest.id();
  EXPECT_EQ(check_manifest(manifest.size + 1, manifest.leaves, id), fail(ManifestError::kOtherId));
  auto changed = manifest.leaves;
  changed[1].bytes[31] ^= 1U;
  EXPECT_EQ(check_manifest(manifest.size, changed, id), fail(ManifestError::kOtherId));
  auto swapped = manifest.leaves;
  std::swap(swapped[0], swapped[1]);
  EXPECT_EQ(check_manifest(manifest.size, swapped, id), fail(ManifestError::kOtherId));
}

TEST(LeafRange, TravelsAsBytesAndComesBack) {
  const Manifest manifest = manifest_of(test::content_pattern(kThreeChunks));
  EXPECT_EQ(parse_leaves(*leaf_range(manifest, ChunkIndex{0}, 3)), manifest.leaves);
  EXPECT_EQ(parse_leaves(*leaf_range(manifest, ChunkIndex{1}, 1))->at(0), manifest.leaves[1]);
  EXPECT_EQ(leaf_range(manifest, ChunkIndex{3}, 0)->size(), 0U);
}

TEST(LeafRange, RefusesLeavesThatTheManifestDoesNotHave) {
  const Manifest manifest = manifest_of(test::content_pattern(kThreeChunks));
  constexpr auto kLargest = std::numeric_limits<std::uint32_t>::max();
  EXPECT_FALSE(leaf_range(manifest, ChunkIndex{0}, 4));
  EXPECT_FALSE(leaf_range(manifest, ChunkIndex{2}, 2));
  EXPECT_FALSE(leaf_range(manifest, ChunkIndex{4}, 0));
  EXPECT_FALSE(leaf_range(manifest, ChunkIndex{1}, kLargest));
  EXPECT_FALSE(leaf_range(manifest, ChunkIndex{kLargest}, kLargest));
}

TEST(LeafRange, RefusesPartsOfALeaf) {
  EXPECT_FALSE(parse_leaves(Bytes(kDigestBytes - 1)));
  EXPECT_FALSE(parse_leaves(Bytes(kDigestBytes + 1)));
  EXPECT_EQ(parse_leaves({})->size(), 0U);
}

TEST(ChunkIs, SaysYesToEachChunkInItsPlaceOnly) {
  const Bytes content = test::content_pattern(kThreeChunks);
  const Manifest manifest = manifest_of(content);
  for (std::uint32_t place = 0; place < 4; ++place) {
    for (std::uint32_t chunk = 0; chunk < 3; ++chunk) {
      EXPECT_EQ(chunk_is(manifest, ChunkIndex{place}, chunk_of(content, chunk)), place == chunk);
    }
  }
}

TEST(ChunkIs, RefusesAChangedShortenedOrLengthenedChunk) {
  const Bytes content = test::content_pattern(kThreeChunks);
  const Manifest manifest = manifest_of(content);
  const ByteView last = chunk_of(content, 2);
  Bytes changed(last.begin(), last.end());
  changed[3] ^= 0x80U;
  EXPECT_FALSE(chunk_is(manifest, ChunkIndex{2}, changed));
  EXPECT_FALSE(chunk_is(manifest, ChunkIndex{2}, last.first(last.size() - 1)));
  EXPECT_FALSE(chunk_is(manifest, ChunkIndex{0}, ByteView(content).first(kChunkBytesMin + 1)));
  EXPECT_FALSE(chunk_is(manifest, ChunkIndex{2}, {}));
}

TEST(SingleChunkIs, ChecksContentOfAtMostOneChunkByItsIdAlone) {
  for (const std::uint32_t size : {0U, 1U, kChunkBytesMin - 1, kChunkBytesMin}) {
    Bytes content = test::content_pattern(size);
    const ContentId id = manifest_of(content).id();
    EXPECT_TRUE(single_chunk_is(id, content)) << size;
    content.push_back(0);
    EXPECT_FALSE(single_chunk_is(id, content)) << size;
    EXPECT_FALSE(single_chunk_is(ContentId{}, content)) << size;
  }
}

TEST(SingleChunkIs, RefusesContentOfMoreChunksEvenIfTheIdIsRight) {
  const Bytes content = test::content_pattern(kChunkBytesMin + 1);
  EXPECT_FALSE(single_chunk_is(manifest_of(content).id(), content));
}

}  // namespace
}  // namespace essaim::content
