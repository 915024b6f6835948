// The one message of discovery: one UDP datagram, one JSON object (docs/protocol.md, "Datagrams").
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "wire/level.hpp"

namespace essaim::discovery {

enum class AnnouncementKind { kAnnounce, kGoodbye };

enum class AnnouncementError {
  kTooLong,    // more than wire::kDatagramBytesMax bytes
  kNotJson,    // not exactly one JSON object within the limits of wire/json.hpp
  kBadType,    // `type` is missing or another
  kBadPeerId,  // missing, empty, too long, or not a key's id while `v` says level 1
  kBadPort,    // missing from an ANNOUNCE, or not in 1..65535
};
[[nodiscard]] std::string_view to_string(AnnouncementError error);

// What a datagram claims. It proves nothing of it.
struct Announcement {
  AnnouncementKind kind = AnnouncementKind::kAnnounce;
  PeerId peer_id;
  std::uint16_t port = 0;  // TCP; 0 only in a GOODBYE that leaves it out
  wire::Level level = wire::Level::kClassic;
  std::string name;       // at most wire::kNameBytesMax bytes of UTF-8; empty where none was given
  std::uint64_t rev = 0;  // changes with what the peer shares; 0 where none was given
  bool ask = false;       // "answer me at once, by unicast"
  friend bool operator==(const Announcement&, const Announcement&) = default;
};

// Liberal in what level 0 leaves open: any spacing and order, unknown fields. A field of level 1 that is not of its
// type counts as absent, and a name that is too long is clipped: both are hints, and the peer behind them may be fine.
[[nodiscard]] Expected<Announcement, AnnouncementError> parse_announcement(ByteView datagram);

// At most wire::kDatagramBytesMax bytes, always: the name is clipped, and left out where it still does not fit. One
// that asks has at least kAskBytesMin bytes. The peer id must have at most kPeerIdBytesMax bytes, and be valid UTF-8.
[[nodiscard]] Bytes encode_announcement(const Announcement& announcement);

// The same as an answer to a datagram of `asked_bytes`: never larger than that, without the name where need be, and
// never asking back. Nothing where even that is too large: then there is no answer.
// Rationale: a forged source address must not get more bytes from us than the forger spent.
[[nodiscard]] std::optional<Bytes> encode_answer(const Announcement& announcement, std::size_t asked_bytes);

}  // namespace essaim::discovery
