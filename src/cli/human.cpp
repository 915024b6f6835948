#include "cli/human.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace essaim::cli {
namespace {

constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
constexpr double kStep = 1024;
// What "{:.0f}" would show as 1000: better as 1.0 of the next unit.
constexpr double kShownMax = 999.5;
constexpr std::int64_t kSecondsPerDay = 24 * 60 * 60;
constexpr double kSecondsShownMax = 1e9;

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= kShownMax && unit + 1 < kUnits.size()) {
    value /= kStep;
    ++unit;
  }
  // 99.95 would be shown as 100.0, which is one digit too many.
  return value < 99.95 ? fmt::format("{:.1f} {}", value, kUnits[unit]) : fmt::format("{:.0f} {}", value, kUnits[unit]);
}

std::string human_rate(double bytes_per_second) {
  const double bounded = std::clamp(bytes_per_second, 0.0, 1e18);
  return human_bytes(static_cast<std::uint64_t>(std::llround(bounded))) + "/s";
}

std::string human_duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(std::clamp(seconds, 0.0, kSecondsShownMax)));
  if (whole >= 2 * kSecondsPerDay) return fmt::format("{} days", whole / kSecondsPerDay);
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string human_seconds(double seconds) {
  const bool short_time = seconds >= 0 && seconds < 59.95;
  return short_time ? fmt::format("{:.1f} s", seconds) : human_duration(seconds);
}

std::string human_time(UnixNanos time) {
  const auto nanos = static_cast<std::int64_t>(time);
  if (nanos == 0) return {};
  const auto seconds = static_cast<std::time_t>(nanos / 1'000'000'000);
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(seconds));
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace essaim::cli
