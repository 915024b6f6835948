// Bits as bytes: bit 7 of the first byte is the first.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace essaim::node {

[[nodiscard]] constexpr std::size_t bitmap_bytes(std::size_t bits) { return (bits + 7) / 8; }

inline void append_bitmap(Bytes& to, const std::vector<bool>& bits) {
  const std::size_t begin = to.size();
  to.resize(begin + bitmap_bytes(bits.size()));
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) to[begin + i / 8] |= static_cast<std::uint8_t>(0x80U >> (i % 8));
  }
}

// `from` has at least bitmap_bytes(count) bytes.
[[nodiscard]] inline std::vector<bool> read_bitmap(ByteView from, std::size_t count) {
  std::vector<bool> bits(count);
  for (std::size_t i = 0; i < count; ++i) bits[i] = (from[i / 8] & (0x80U >> (i % 8))) != 0;
  return bits;
}

}  // namespace essaim::node
