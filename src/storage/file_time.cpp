#include "storage/file_time.hpp"

#include <cstdint>
#include <fcntl.h>
#include <sys/stat.h>

namespace essaim::storage {
namespace {
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
}

std::array<timespec, 2> mtime_only(UnixNanos mtime) {
  const auto nanos = static_cast<std::int64_t>(mtime);
  std::int64_t seconds = nanos / kNanosPerSecond;
  std::int64_t rest = nanos % kNanosPerSecond;
  if (rest < 0) {
    rest += kNanosPerSecond;
    --seconds;
  }
  return {timespec{0, UTIME_OMIT}, timespec{seconds, rest}};
}

UnixNanos file_clock_now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return UnixNanos{now.tv_sec * kNanosPerSecond + now.tv_nsec};
}

}  // namespace essaim::storage
