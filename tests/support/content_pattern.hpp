// The content that the test vectors hash: byte i is i mod 251.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace essaim::test {

inline Bytes content_pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
  return bytes;
}

}  // namespace essaim::test
