// Strong types for identifiers, so that one kind can't be passed for another.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace essaim {

inline constexpr std::size_t kDigestBytes = 32;

// 32 bytes that came out of a hash function; Tag says what was hashed.
template <class Tag>
struct Digest {
  std::array<std::uint8_t, kDigestBytes> bytes{};

  [[nodiscard]] ByteView view() const { return bytes; }
  // Exactly 32 bytes, else nothing.
  [[nodiscard]] static std::optional<Digest> from(ByteView view) {
    if (view.size() != kDigestBytes) return std::nullopt;
    Digest digest;
    std::memcpy(digest.bytes.data(), view.data(), kDigestBytes);
    return digest;
  }
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

// Names some bytes and their length, for ever and everywhere (docs/protocol.md, "Content"). Text form: 52 characters
// of base32, see content/content_id.hpp.
using ContentId = Digest<struct ContentIdTag>;
// BLAKE3 of one chunk.
using Leaf = Digest<struct LeafTag>;
// SHA-256 of a whole file or of a chunk, for level 0 of the wire.
using Sha256 = Digest<struct Sha256Tag>;

// Who a peer is. At level 1 always 32 characters of base32 derived from its key (access/peer_id.hpp); at level 0 any
// text of its own choosing, at most kPeerIdBytesMax bytes, which proves nothing.
struct PeerId {
  std::string text;
  friend auto operator<=>(const PeerId&, const PeerId&) = default;
};
inline constexpr std::size_t kPeerIdBytesMax = 128;

}  // namespace essaim

// A digest is already uniform: its first bytes are as good a hash as any. Which digests a table holds may be a peer's
// choice, but to aim at one bucket it would have to grind the hash itself.
template <class Tag>
struct std::hash<essaim::Digest<Tag>> {
  std::size_t operator()(const essaim::Digest<Tag>& digest) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, digest.bytes.data(), sizeof value);
    return value;
  }
};
template <>
struct std::hash<essaim::PeerId> {
  std::size_t operator()(const essaim::PeerId& id) const noexcept { return std::hash<std::string>{}(id.text); }
};
