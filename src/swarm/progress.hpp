// How far a download is, for people.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "swarm/types.hpp"

namespace essaim::swarm {

struct SourceProgress {
  SourceId source{};
  std::uint64_t bytes = 0;             // verified from it, also before it left and came back
  std::uint64_t bytes_per_second = 0;  // its measured rate; 0 when it is not here
  std::uint32_t in_flight = 0;         // requests
};

struct Progress {
  std::uint64_t bytes_total = 0;
  std::uint64_t bytes_verified = 0;  // includes what was on the disk before
  std::size_t items_total = 0;
  std::size_t items_done = 0;
  std::uint64_t bytes_per_second = 0;     // over the last seconds
  std::vector<SourceProgress> sources{};  // all that ever delivered or are here, by number
};

inline constexpr std::size_t kMapCellsMax = 512;
inline constexpr std::size_t kMapItemsMax = 100'000;

// One of the equal parts, by bytes, of what is downloaded.
struct MapCell {
  std::uint8_t have = 0;      // percent that is verified
  std::uint8_t flight = 0;    // percent that is asked for
  std::uint16_t sources = 0;  // here now that hold what is missing of it; where they differ, the least
};

}  // namespace essaim::swarm
