#include "embed/message_codec.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/ids.hpp"
#include "wire/fields.hpp"
#include "wire/json.hpp"
#include "wire/limits.hpp"

namespace essaim::embed {
namespace {

// Each field has a reader of its own, because a reader goes silent at its first fault.
std::string text_of(const wire::Frame& frame, std::string_view key, std::size_t bytes_max) {
  return std::string(wire::FieldReader(frame.object).find_text(key, bytes_max).value_or(""));
}

bool is_between(std::size_t bytes, wire::Range<std::size_t> range) { return bytes >= range.min && bytes <= range.max; }

}  // namespace

std::optional<Message> to_message(const wire::Frame& frame) {
  Message message{.type = text_of(frame, "type", wire::kTypeBytesMax),
                  .peer_id = text_of(frame, "peer_id", kPeerIdBytesMax)};
  if (message.type.empty()) return std::nullopt;
  if (const boost::json::value* data = frame.object.if_contains("data")) {
    if (data->is_object()) message.data_json = wire::serialize(data->get_object());
  }
  return message;
}

Result<Bytes> to_frame(const Message& message) {
  if (!is_between(message.type.size(), {1, wire::kTypeBytesMax})) {
    return Error{fmt::format("A message's type has 1 to {} bytes.", wire::kTypeBytesMax)};
  }
  if (!is_between(message.peer_id.size(), {1, kPeerIdBytesMax})) {
    return Error{fmt::format("A peer id has 1 to {} bytes.", kPeerIdBytesMax)};
  }
  auto data = wire::parse_object(message.data_json);
  if (!data) return Error{fmt::format("The message's data is not usable: {}.", to_string(data.error()))};
  boost::json::object object;
  object["type"] = wire::json_text(message.type);
  object["peer_id"] = wire::json_text(message.peer_id);
  object["data"] = std::move(*data);
  if (wire::serialize(object).size() > wire::kClassicJsonBytesMax) {
    return Error{fmt::format("A message has at most {} bytes.", wire::kClassicJsonBytesMax)};
  }
  return wire::encode_frame(object);
}

}  // namespace essaim::embed
