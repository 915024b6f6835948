// The leaves of one content: what every chunk is checked against, and itself checked against the content id.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "content/chunk_plan.hpp"

namespace essaim::content {

// size and leaves agree: there are as many leaves as plan_for(size) has chunks. Who makes a manifest of his own bytes
// sees to it; what a peer sends becomes a manifest through check_manifest() only.
struct Manifest {
  std::uint64_t size = 0;
  std::vector<Leaf> leaves{};

  [[nodiscard]] ContentId id() const;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

enum class ManifestError {
  kTooLarge,   // size is above kContentBytesMax
  kLeafCount,  // not as many leaves as content of this size has chunks
  kOtherId,    // the id of this size and these leaves is not the one wanted
};
[[nodiscard]] std::string_view to_string(ManifestError error);

// The only way from what a peer claims to a manifest: afterwards size and leaves are as sure as the id is.
[[nodiscard]] Expected<Manifest, ManifestError> check_manifest(std::uint64_t size, std::vector<Leaf> leaves,
                                                               const ContentId& wanted);

// On the wire a range of leaves is their bytes one after the other, 32 each.
// The bytes of leaves first … first + count - 1, without a copy; valid as long as the manifest is. Nothing when the
// manifest does not have them all.
[[nodiscard]] std::optional<ByteView> leaf_range(const Manifest& manifest, ChunkIndex first, std::uint32_t count);
// The inverse; nothing when the bytes are no whole number of leaves.
[[nodiscard]] std::optional<std::vector<Leaf>> parse_leaves(ByteView bytes);

// Are these bytes, all of them, that chunk of the content?
[[nodiscard]] bool chunk_is(const Manifest& manifest, ChunkIndex index, ByteView chunk);

// The same question for content of at most one chunk, which needs no manifest: are these bytes the whole content?
[[nodiscard]] bool single_chunk_is(const ContentId& id, ByteView content);

}  // namespace essaim::content
