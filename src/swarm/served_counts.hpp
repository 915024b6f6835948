// How often each chunk was given away, about, in fixed memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/ids.hpp"
#include "content/chunk_plan.hpp"
#include "swarm/limits.hpp"

namespace essaim::swarm {

// One counter a hash value: two chunks that share one look served more often than they were, which only makes a
// preference wrong. All counters are halved now and then, so that old times weigh less than new ones.
class ServedCounts {
 public:
  ServedCounts() : counters_(kServedCounters) {}

  void add(const ContentId& content, content::ChunkIndex chunk);
  [[nodiscard]] std::uint16_t count(const ContentId& content, content::ChunkIndex chunk) const;

 private:
  std::vector<std::uint16_t> counters_;
  std::size_t added_ = 0;  // since the last halving
};

}  // namespace essaim::swarm
