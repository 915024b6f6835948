// The one place that reads the monotonic clock for everything above it.
#pragma once
#include <chrono>

#include "base/time.hpp"

namespace essaim::transport {

[[nodiscard]] inline Instant to_instant(std::chrono::steady_clock::time_point time) {
  return Instant(std::chrono::floor<Duration>(time.time_since_epoch()));
}

// The inverse, up to a microsecond.
[[nodiscard]] inline std::chrono::steady_clock::time_point to_steady(Instant instant) {
  return std::chrono::steady_clock::time_point(instant.time_since_epoch());
}

[[nodiscard]] inline Instant now() { return to_instant(std::chrono::steady_clock::now()); }

}  // namespace essaim::transport
