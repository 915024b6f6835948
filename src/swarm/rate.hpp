// Bytes, time, and bytes a second, without overflow.
#pragma once
#include <cstdint>

#include "base/time.hpp"

namespace essaim::swarm {

inline constexpr std::uint64_t kMicrosPerSecond = 1'000'000;

// How long `bytes` take, rounded up; an hour at most, which to whoever waits is as good as for ever. A rate of 0 counts
// as 1.
[[nodiscard]] Duration time_for(std::uint64_t bytes, std::uint64_t bytes_per_second);
// What passes in that time; times below zero count as zero.
[[nodiscard]] std::uint64_t bytes_in(Duration time, std::uint64_t bytes_per_second);
// Times below a millisecond count as one, so that a burst of answers is no proof of an endless rate.
[[nodiscard]] std::uint64_t rate_of(std::uint64_t bytes, Duration time);

}  // namespace essaim::swarm
