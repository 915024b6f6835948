#include "swarm/readings.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "swarm/rate.hpp"

namespace essaim::swarm {

bool Readings::set(ReaderId reader, ChunkRef position, const content::ChunkPlan& plan) {
  ASSERT(plan.has(position.chunk));
  const auto known = readers_.find(reader);
  if (known == readers_.end()) {
    return readers_.size() < kReadersMax && readers_.emplace(reader, Reading{position, plan}).second;
  }
  if (known->second.position == position) return false;
  known->second = {position, plan};
  return true;
}

std::uint32_t Readings::window_end(const Reading& reading) const {
  const std::uint64_t ahead = bytes_in(kReadAheadTime, rate_);
  const std::uint64_t chunk_bytes = reading.plan.chunk_bytes;
  const std::uint64_t wanted = (std::min(ahead, kReadAheadBytesMax) + chunk_bytes - 1) / chunk_bytes;
  const std::uint64_t chunks = std::clamp<std::uint64_t>(wanted, kReadAheadChunksMin, kReadAheadBytesMax / chunk_bytes);
  const std::uint64_t end = std::to_underlying(reading.position.chunk) + chunks;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(end, reading.plan.chunks));
}

bool Readings::contains(ChunkRef chunk) const {
  return std::ranges::any_of(readers_, [&](const auto& each) {
    const Reading& reading = each.second;
    return chunk.item == reading.position.item && chunk.chunk >= reading.position.chunk &&
           std::to_underlying(chunk.chunk) < window_end(reading);
  });
}

std::vector<Readings::Wanted> Readings::wanted() const {
  std::map<ChunkRef, Duration> due;
  for (const auto& [reader, reading] : readers_) {
    const std::uint32_t begin = std::to_underlying(reading.position.chunk);
    for (std::uint32_t chunk = begin; chunk < window_end(reading); ++chunk) {
      const std::uint64_t distance = std::uint64_t{chunk - begin} * reading.plan.chunk_bytes;
      const Duration after = time_for(distance, rate_);
      const auto [known, added] = due.emplace(ChunkRef{reading.position.item, content::ChunkIndex{chunk}}, after);
      if (!added) known->second = std::min(known->second, after);
    }
  }
  std::vector<Wanted> wanted;
  wanted.reserve(due.size());
  for (const auto& [chunk, after] : due) wanted.push_back({chunk, after});
  std::ranges::sort(wanted, {}, [](const Wanted& each) { return std::pair(each.due, each.chunk); });
  return wanted;
}

}  // namespace essaim::swarm
