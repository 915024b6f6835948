#include "swarm/served_counts.hpp"

#include <functional>
#include <limits>
#include <utility>

namespace essaim::swarm {
namespace {

constexpr std::size_t kAddedPerCounter = 8;

std::size_t slot(const ContentId& content, content::ChunkIndex chunk) {
  constexpr std::size_t kGoldenRatio = 0x9E3779B97F4A7C15U;  // spreads neighbouring chunks
  return (std::hash<ContentId>{}(content) + std::to_underlying(chunk) * kGoldenRatio) % kServedCounters;
}

}  // namespace

void ServedCounts::add(const ContentId& content, content::ChunkIndex chunk) {
  std::uint16_t& counter = counters_[slot(content, chunk)];
  if (counter < std::numeric_limits<std::uint16_t>::max()) ++counter;
  if (++added_ < kAddedPerCounter * kServedCounters) return;
  added_ = 0;
  for (std::uint16_t& each : counters_) each = static_cast<std::uint16_t>(each / 2);
}

std::uint16_t ServedCounts::count(const ContentId& content, content::ChunkIndex chunk) const {
  return counters_[slot(content, chunk)];
}

}  // namespace essaim::swarm
