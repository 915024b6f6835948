// Time as a value. Nothing above the I/O line reads a clock: who drives it passes the instant in.
#pragma once
#include <chrono>
#include <cstdint>

namespace essaim {

using Duration = std::chrono::microseconds;

// The program's monotonic clock. Has no now(): drivers (and the simulator) make instants.
struct MonotonicClock {
  using duration = Duration;
  using rep = Duration::rep;
  using period = Duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
};

// A point on the monotonic clock; only differences between two of one run mean anything.
using Instant = MonotonicClock::time_point;

// A file's modification time: nanoseconds since 1970 UTC, negative before.
enum class UnixNanos : std::int64_t {};

}  // namespace essaim
