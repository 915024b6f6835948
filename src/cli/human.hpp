// Numbers as people read them.
#pragma once
#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace essaim::cli {

// "0 B", "999 B", "1.0 KiB", "12.3 MiB", "456 GiB": three digits or two and a fraction.
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);
// "12.3 MiB/s".
[[nodiscard]] std::string human_rate(double bytes_per_second);
// "0:07", "12:34", "1:02:03", "3 days".
[[nodiscard]] std::string human_duration(double seconds);
// How long something took: "0.8 s", "59.9 s", "12:34".
[[nodiscard]] std::string human_seconds(double seconds);
// "2026-11-22 21:10", local time; empty where the time is not known (0).
[[nodiscard]] std::string human_time(UnixNanos time);
// "1 file", "2 files".
[[nodiscard]] std::string counted(std::uint64_t count, const std::string& noun);

}  // namespace essaim::cli
