#include "node/recheck.hpp"

#include "content/chunk_plan.hpp"

namespace essaim::node {

void find_right_chunks(const storage::ContentReader& file, const content::Manifest& manifest,
                       std::vector<bool>& known) {
  const auto plan = content::plan_for(manifest.size);
  if (!plan || known.size() != plan->chunks || manifest.leaves.size() != plan->chunks) return;
  Bytes buffer(plan->chunk_bytes);
  for (std::uint32_t i = 0; i < plan->chunks; ++i) {
    if (known[i]) continue;
    const content::ChunkIndex index{i};
    const MutableByteView chunk = MutableByteView(buffer).first(plan->length(index));
    known[i] = file.read_at(plan->offset(index), chunk).has_value() && content::chunk_is(manifest, index, chunk);
  }
}

}  // namespace essaim::node
