// What a download knows of an item it is working on.
#pragma once
#include <cstdint>

#include "content/chunk_plan.hpp"
#include "swarm/bits.hpp"

namespace essaim::swarm {

enum class ManifestState { kWanted, kAsked, kKnown };

struct OpenItem {
  content::ChunkPlan plan;
  Bits have;  // verified chunks
  // kKnown from the start for one chunk, which is checked against the content id itself. Only then are chunks asked
  // for.
  ManifestState manifest = ManifestState::kWanted;

  [[nodiscard]] std::uint32_t missing() const { return plan.chunks - static_cast<std::uint32_t>(have.count()); }
};

}  // namespace essaim::swarm
