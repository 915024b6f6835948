#include "wire/level.hpp"

#include "base/defence.hpp"

namespace essaim::wire {
namespace {

constexpr std::uint8_t kTlsHandshakeRecord = 0x16;
constexpr std::uint8_t kFrameLengthFirstByte = 0x00;
static_assert(kClassicJsonBytesMax < (std::size_t{1} << 24U), "the first byte of a length has to be 0x00");

}  // namespace

std::optional<Level> level_of_first_byte(std::uint8_t byte) {
  if (byte == kTlsHandshakeRecord) return Level::kPeer;
  if (byte == kFrameLengthFirstByte) return Level::kClassic;
  if (!defended(Defence::kFirstByte)) return Level::kClassic;
  return std::nullopt;
}

}  // namespace essaim::wire
