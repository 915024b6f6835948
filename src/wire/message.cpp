#include "wire/message.hpp"

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/defence.hpp"
#include "wire/json.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {
namespace {

constexpr Range<std::uint64_t> kIds{0, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())};

// The messages that carry a payload declare an overload of their own; the others have none.
template <class Known>
Range<std::uint64_t> payload_range(const Known& /*message*/) {
  return {0, 0};
}

// Reads one kind of message if `type` names it.
template <class Known>
bool read_if(std::string_view type, const Frame& frame, FieldReader& in, Message& out) {
  if (type != Known::kType) return false;
  Known message;
  read(in, message);
  const auto [min, max] = payload_range(message);
  const bool fits = frame.payload_bytes >= min && frame.payload_bytes <= max;
  if (defended(Defence::kPayloadUnexpected) && !fits) in.fail_field("payload", FieldError::kBadPayload);
  out = std::move(message);
  return true;
}

template <class... Known>
void read_any(std::string_view type, const Frame& frame, FieldReader& in, std::variant<Unknown, Known...>& out) {
  const bool known = (read_if<Known>(type, frame, in, out) || ...);
  if (!known) out = Unknown{std::string(type)};
}

}  // namespace

std::string to_string(const MessageError& error) {
  return fmt::format("{}: {}", error.fault.field, to_string(error.fault.error));
}

std::string_view type_of(const Message& message) {
  const auto type = []<class Any>(const Any& any) -> std::string_view {
    if constexpr (std::is_same_v<Any, Unknown>) {
      return any.type;
    } else {
      return Any::kType;
    }
  };
  return std::visit(type, message);
}

Expected<Envelope, MessageError> parse_message(const Frame& frame) {
  FieldReader in(frame.object);
  Envelope envelope;
  envelope.id = in.find_integer("id", kIds);
  envelope.payload_bytes = frame.payload_bytes;
  const std::string_view type = in.text("type", kTypeBytesMax);
  if (!in.fault()) read_any(type, frame, in, envelope.message);
  if (in.fault()) return fail(MessageError{*in.fault(), envelope.id});
  return envelope;
}

boost::json::object to_json(const Envelope& envelope) {
  boost::json::object out;
  out["type"] = json_text(type_of(envelope.message));
  if (envelope.id) out["id"] = *envelope.id;
  if (envelope.payload_bytes > 0) out["payload"] = envelope.payload_bytes;
  const auto write_fields = [&]<class Any>(const Any& any) {
    if constexpr (!std::is_same_v<Any, Unknown>) write(any, out);
  };
  std::visit(write_fields, envelope.message);
  return out;
}

Bytes encode_message(const Envelope& envelope) { return encode_frame(to_json(envelope)); }

}  // namespace essaim::wire
