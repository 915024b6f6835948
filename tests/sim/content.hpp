// What is shared in a simulation: a real manifest of chunks that are never there.
#pragma once
#include <cstdint>

#include "base/assert.hpp"
#include "content/chunk_plan.hpp"
#include "content/manifest.hpp"
#include "swarm/random.hpp"

namespace essaim::sim {

struct Content {
  content::ChunkPlan plan;
  content::Manifest manifest;
  ContentId id;
};

[[nodiscard]] inline Content make_content(std::uint64_t size, std::uint64_t seed) {
  const auto plan = content::plan_for(size);
  ASSERT(plan.has_value());
  Content made{.plan = *plan, .manifest = {.size = size}};
  swarm::Random random(seed);
  for (std::uint32_t chunk = 0; chunk < plan->chunks; ++chunk) {
    Leaf& leaf = made.manifest.leaves.emplace_back();
    for (std::uint8_t& byte : leaf.bytes) byte = static_cast<std::uint8_t>(random.next());
  }
  made.id = made.manifest.id();
  return made;
}

// The bytes of a chunk, as far as a simulation knows them.
struct ChunkBytes {
  std::uint32_t chunk = 0;
  std::uint32_t length = 0;
  bool intact = true;  // would they have the hash of that chunk's leaf?
};

}  // namespace essaim::sim
