// The two levels of the protocol (docs/protocol.md, "Levels").
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "wire/limits.hpp"

namespace essaim::wire {

enum class Level {
  kClassic,  // level 0: plain JSON frames, payloads in base64
  kPeer,     // level 1: the same frames inside TLS 1.3, raw payloads
};

// What a connection's first byte says: 0x16 begins a TLS handshake record, 0x00 a classic frame length (never as large
// as 16 MiB). Anything else is neither: close.
[[nodiscard]] std::optional<Level> level_of_first_byte(std::uint8_t byte);

// How large a JSON object may be once the peer is known; before that it is kFirstFrameBytesMax at either level.
[[nodiscard]] constexpr std::size_t json_bytes_max(Level level) {
  return level == Level::kClassic ? kClassicJsonBytesMax : kPeerJsonBytesMax;
}

}  // namespace essaim::wire
