#include "swarm/rate.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace essaim::swarm {
namespace {

// a * b / c without an overflow in between, at most the largest number. c > 0.
std::uint64_t scale(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return product / c;
  const long double wide = static_cast<long double>(a) * static_cast<long double>(b) / static_cast<long double>(c);
  return wide >= static_cast<long double>(kMax) ? kMax : static_cast<std::uint64_t>(wide);
}

std::uint64_t micros(Duration time, Duration at_least) {
  return static_cast<std::uint64_t>(std::max(time, at_least).count());
}

}  // namespace

Duration time_for(std::uint64_t bytes, std::uint64_t bytes_per_second) {
  constexpr Duration kHour = std::chrono::hours(1);
  const std::uint64_t rate = std::max<std::uint64_t>(bytes_per_second, 1);
  const std::uint64_t whole = scale(bytes, kMicrosPerSecond, rate);
  if (whole >= static_cast<std::uint64_t>(kHour.count())) return kHour;
  return Duration(static_cast<Duration::rep>(whole) + (bytes == 0 ? 0 : 1));
}

std::uint64_t bytes_in(Duration time, std::uint64_t bytes_per_second) {
  return scale(micros(time, Duration::zero()), bytes_per_second, kMicrosPerSecond);
}

std::uint64_t rate_of(std::uint64_t bytes, Duration time) {
  return scale(bytes, kMicrosPerSecond, micros(time, std::chrono::milliseconds(1)));
}

}  // namespace essaim::swarm
