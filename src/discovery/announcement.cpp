#include "discovery/announcement.hpp"

#include <limits>

#include <boost/json/object.hpp>

#include "access/peer_id.hpp"
#include "base/assert.hpp"
#include "base/defence.hpp"
#include "discovery/limits.hpp"
#include "wire/fields.hpp"
#include "wire/json.hpp"
#include "wire/limits.hpp"

namespace essaim::discovery {
namespace {

constexpr std::string_view kAnnounceType = "ANNOUNCE";
constexpr std::string_view kGoodbyeType = "GOODBYE";
constexpr wire::Range<std::uint16_t> kPorts{1, std::numeric_limits<std::uint16_t>::max()};

// Each field has a reader of its own, because a reader goes silent at its first fault.
wire::FieldReader reader(const boost::json::object& object) {
  return wire::FieldReader(object, wire::Integers::kIntegralDoubles);
}

std::optional<AnnouncementKind> read_kind(const boost::json::object& object) {
  const auto type = reader(object).find_text("type", wire::kTypeBytesMax);
  if (type == kAnnounceType) return AnnouncementKind::kAnnounce;
  if (type == kGoodbyeType) return AnnouncementKind::kGoodbye;
  return std::nullopt;
}

wire::Level read_level(const boost::json::object& object) {
  // A version after 1 still speaks level 1: what is spoken there is settled inside the session.
  const auto version = reader(object).find_integer<std::uint64_t>("v", {1, std::numeric_limits<std::uint64_t>::max()});
  return version ? wire::Level::kPeer : wire::Level::kClassic;
}

std::string text_of(const Announcement& announcement, std::string_view name) {
  boost::json::object object;
  object["type"] = announcement.kind == AnnouncementKind::kAnnounce ? kAnnounceType : kGoodbyeType;
  object["peer_id"] = wire::json_text(announcement.peer_id.text);
  if (announcement.port != 0) object["port"] = announcement.port;
  if (announcement.level == wire::Level::kPeer) {
    object["v"] = 1;
    if (!name.empty()) object["name"] = wire::json_text(name);
    object["rev"] = announcement.rev;
    if (announcement.ask) object["ask"] = true;
  }
  return wire::serialize(object);
}

// Without the name where the whole would be larger than `bytes_max`.
std::string text_within(const Announcement& announcement, std::size_t bytes_max) {
  const std::string text = text_of(announcement, wire::clip_text(announcement.name, wire::kNameBytesMax));
  return text.size() <= bytes_max ? text : text_of(announcement, {});
}

Bytes to_bytes(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

std::string_view to_string(AnnouncementError error) {
  switch (error) {
    case AnnouncementError::kTooLong: return "too long";
    case AnnouncementError::kNotJson: return "not a JSON object";
    case AnnouncementError::kBadType: return "unknown type";
    case AnnouncementError::kBadPeerId: return "no usable peer id";
    case AnnouncementError::kBadPort: return "no usable port";
  }
  return "";
}

Expected<Announcement, AnnouncementError> parse_announcement(ByteView datagram) {
  if (defended(Defence::kDatagramLength) && datagram.size() > wire::kDatagramBytesMax)
    return fail(AnnouncementError::kTooLong);
  const auto object = wire::parse_object(as_text(datagram));
  if (!object) return fail(AnnouncementError::kNotJson);

  Announcement announcement;
  const auto kind = read_kind(*object);
  if (!kind) return fail(AnnouncementError::kBadType);
  announcement.kind = *kind;
  announcement.level = read_level(*object);

  const auto peer_id = reader(*object).find_text("peer_id", kPeerIdBytesMax);
  if (!peer_id || peer_id->empty()) return fail(AnnouncementError::kBadPeerId);
  if (announcement.level == wire::Level::kPeer && !access::is_key_peer_id(*peer_id)) {
    return fail(AnnouncementError::kBadPeerId);
  }
  announcement.peer_id.text = *peer_id;

  const auto port = reader(*object).find_integer<std::uint16_t>("port", kPorts);
  if (!port && announcement.kind == AnnouncementKind::kAnnounce) return fail(AnnouncementError::kBadPort);
  announcement.port = port.value_or(0);

  if (announcement.level == wire::Level::kClassic) return announcement;
  announcement.name =
      wire::clip_text(reader(*object).find_text("name", wire::kDatagramBytesMax).value_or(""), wire::kNameBytesMax);
  announcement.rev =
      reader(*object).find_integer<std::uint64_t>("rev", {0, std::numeric_limits<std::uint64_t>::max()}).value_or(0);
  announcement.ask = reader(*object).flag("ask");
  return announcement;
}

Bytes encode_announcement(const Announcement& announcement) {
  ASSERT(announcement.peer_id.text.size() <= kPeerIdBytesMax);
  std::string text = text_within(announcement, wire::kDatagramBytesMax);
  const bool asks = announcement.ask && announcement.level == wire::Level::kPeer;
  if (asks && text.size() < kAskBytesMin) text.resize(kAskBytesMin, ' ');
  ASSERT(text.size() <= wire::kDatagramBytesMax);
  return to_bytes(text);
}

std::optional<Bytes> encode_answer(const Announcement& announcement, std::size_t asked_bytes) {
  Announcement answer = announcement;
  answer.ask = false;
  const std::string text = text_within(answer, asked_bytes);
  if (defended(Defence::kAnswerLength) && text.size() > asked_bytes) return std::nullopt;
  return to_bytes(text);
}

}  // namespace essaim::discovery
