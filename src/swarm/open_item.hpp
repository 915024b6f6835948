// What a download knows of an item it is working on.
#pragma once
#include <cstdint>

#include "content/chunk_plan.hpp"
#include "swarm/bits.hpp"

namespace essaim::swarm {

enum class ManifestState {
  kWanted,
  kAsked,
  kComing,  // of a draft: its owner had no more leaves just now
  kKnown,
};

struct OpenItem {
  content::ChunkPlan plan;
  Bits have;  // verified chunks
  // kKnown from the start for one chunk, which is checked against the content id itself.
  ManifestState manifest = ManifestState::kWanted;
  // Chunks whose leaf is known, from the first on; only these are asked for. All or none, save of a draft.
  std::uint32_t leaves = 0;

  [[nodiscard]] std::uint32_t missing() const { return plan.chunks - static_cast<std::uint32_t>(have.count()); }
};

}  // namespace essaim::swarm
