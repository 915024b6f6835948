// Only a size with exactly its leaves is a manifest, and only of its own id. The first eight bytes are the size, the
// rest leaves.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "content/hash.hpp"
#include "content/manifest.hpp"
#include "content/sketch.hpp"

using namespace essaim;
using namespace essaim::content;

namespace {

void check_ranges(const Manifest& manifest) {
  const auto leaves = static_cast<std::uint32_t>(manifest.leaves.size());
  for (const std::uint32_t first : {0U, leaves / 2, leaves, leaves + 1, 0xFFFFFFFFU}) {
    for (const std::uint32_t count : {0U, 1U, leaves, 0xFFFFFFFFU}) {
      const auto range = leaf_range(manifest, ChunkIndex{first}, count);
      ASSERT(range.has_value() == (std::uint64_t{first} + count <= leaves));
      if (range) ASSERT(parse_leaves(*range)->size() == count);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 8) return 0;
  std::uint64_t claimed = 0;
  for (std::size_t i = 0; i < 8; ++i) claimed = (claimed << 8U) | data[i];
  const ByteView rest(data + 8, size - 8);
  ASSERT(single_chunk_is(content_id_of(rest.size(), std::vector<Leaf>(rest.empty() ? 0 : 1, leaf_of(rest))), rest));
  LeafHasher pieces;
  pieces.update(rest.first(rest.size() / 2));
  pieces.update(rest.subspan(rest.size() / 2));
  ASSERT(pieces.finish() == leaf_of(rest));
  const auto plan = plan_for(claimed);
  ASSERT(plan.has_value() == (claimed <= kContentBytesMax));
  const auto leaves = parse_leaves(rest);
  ASSERT(leaves.has_value() == (rest.size() % kDigestBytes == 0));
  if (!leaves) return 0;
  ASSERT(sketch_of(*leaves).size() <= kSketchMax);
  const bool fits = plan && plan->chunks == leaves->size();
  const ContentId id = fits ? content_id_of(claimed, *leaves) : ContentId();
  const auto manifest = check_manifest(claimed, *leaves, id);
  ASSERT(manifest.has_value() == fits);
  if (!manifest) {
    ASSERT(!to_string(manifest.error()).empty());
    return 0;
  }
  ASSERT(manifest->id() == id && !check_manifest(claimed, *leaves, ContentId()));
  for (std::uint32_t i = 0; i < plan->chunks; ++i) {
    const bool is_it = plan->length(ChunkIndex{i}) == 1 && leaf_of(rest.first(1)) == manifest->leaves[i];
    ASSERT(chunk_is(*manifest, ChunkIndex{i}, rest.first(1)) == is_it);
  }
  check_ranges(*manifest);
  return 0;
}
