// Times in the form that system calls want them.
#pragma once
#include <array>
#include <ctime>

#include "base/time.hpp"

namespace essaim::storage {

// For futimens() and utimensat(): the access time is left alone.
[[nodiscard]] std::array<timespec, 2> mtime_only(UnixNanos mtime);
// The wall clock, as coarse as the kernel stamps files with it.
[[nodiscard]] UnixNanos file_clock_now();

}  // namespace essaim::storage
