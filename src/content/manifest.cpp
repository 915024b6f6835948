#include "content/manifest.hpp"

#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include "base/defence.hpp"
#include "content/hash.hpp"

namespace essaim::content {

// What lets leaf_range() look at leaves as the bytes that travel.
static_assert(sizeof(Leaf) == kDigestBytes && std::is_trivially_copyable_v<Leaf>);

std::string_view to_string(ManifestError error) {
  switch (error) {
    case ManifestError::kTooLarge: return "the content is larger than 8 TiB";
    case ManifestError::kLeafCount: return "the number of chunk hashes does not fit the size";
    case ManifestError::kOtherId: return "size and chunk hashes belong to another content id";
  }
  return "unknown";
}

ContentId Manifest::id() const { return content_id_of(size, leaves); }

Expected<Manifest, ManifestError> check_manifest(std::uint64_t size, std::vector<Leaf> leaves,
                                                 const ContentId& wanted) {
  const std::optional<ChunkPlan> plan = plan_for(size);
  if (!plan) return fail(ManifestError::kTooLarge);
  if (defended(Defence::kManifestLeafCount) && plan->chunks != leaves.size()) return fail(ManifestError::kLeafCount);
  if (defended(Defence::kManifestId) && content_id_of(size, leaves) != wanted) return fail(ManifestError::kOtherId);
  return Manifest{.size = size, .leaves = std::move(leaves)};
}

std::optional<ByteView> leaf_range(const Manifest& manifest, ChunkIndex first, std::uint32_t count) {
  const std::size_t skipped = static_cast<std::uint32_t>(first);
  if (skipped > manifest.leaves.size() || count > manifest.leaves.size() - skipped) return std::nullopt;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(manifest.leaves.data());
  return ByteView(bytes, manifest.leaves.size() * kDigestBytes).subspan(skipped * kDigestBytes, count * kDigestBytes);
}

std::optional<std::vector<Leaf>> parse_leaves(ByteView bytes) {
  if (bytes.size() % kDigestBytes != 0) return std::nullopt;
  std::vector<Leaf> leaves(bytes.size() / kDigestBytes);
  if (!leaves.empty()) std::memcpy(leaves.data(), bytes.data(), bytes.size());
  return leaves;
}

bool chunk_is(const Manifest& manifest, ChunkIndex index, ByteView chunk) {
  const std::optional<ChunkPlan> plan = plan_for(manifest.size);
  if (!plan || !plan->has(index) || chunk.size() != plan->length(index)) return false;
  return leaf_of(chunk) == manifest.leaves[static_cast<std::uint32_t>(index)];
}

bool single_chunk_is(const ContentId& id, ByteView content) {
  if (content.size() > kChunkBytesMin) return false;
  if (content.empty()) return content_id_of(0, {}) == id;
  const Leaf leaf = leaf_of(content);
  return content_id_of(content.size(), std::span(&leaf, 1)) == id;
}

}  // namespace essaim::content
