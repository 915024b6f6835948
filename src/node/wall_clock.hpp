// The one place of this folder that reads the clock on the wall.
#pragma once
#include <chrono>

#include "base/time.hpp"

namespace essaim::node {

[[nodiscard]] inline UnixNanos wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return UnixNanos{std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

}  // namespace essaim::node
