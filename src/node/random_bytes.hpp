// Bytes that nobody can guess.
#pragma once
#include <cstdint>
#include <random>

#include "base/bytes.hpp"

namespace essaim::node {

// From the operating system's generator, which is what std::random_device is with libstdc++ on Linux.
inline void fill_randomly(MutableByteView bytes) {
  std::random_device device;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(device());
}

}  // namespace essaim::node
