#include "node/recheck.hpp"

#include "content/chunk_plan.hpp"

namespace essaim::node {

std::vector<bool> right_chunks(const storage::ContentReader& file, const content::Manifest& manifest) {
  std::vector<bool> right(manifest.leaves.size());
  const auto plan = content::plan_for(manifest.size);
  if (!plan || manifest.leaves.size() != plan->chunks) return right;
  Bytes buffer(plan->chunk_bytes);
  for (std::uint32_t i = 0; i < plan->chunks; ++i) {
    const content::ChunkIndex index{i};
    const MutableByteView chunk = MutableByteView(buffer).first(plan->length(index));
    right[i] = file.read_at(plan->offset(index), chunk).has_value() && content::chunk_is(manifest, index, chunk);
  }
  return right;
}

}  // namespace essaim::node
