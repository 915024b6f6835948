// Any message of level 1. Its JSON object is {"type", "id"?, "payload"?, the message's own fields}.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json/object.hpp>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/fields.hpp"
#include "wire/frame.hpp"
#include "wire/messages_content.hpp"
#include "wire/messages_hello.hpp"
#include "wire/messages_list.hpp"
#include "wire/messages_people.hpp"
#include "wire/messages_session.hpp"
#include "wire/messages_swarm.hpp"

namespace essaim::wire {

// A type that this version does not know: skip its payload, answer ERROR unsupported, go on.
struct Unknown {
  std::string type;
  friend bool operator==(const Unknown&, const Unknown&) = default;
};

// This list is also the table of types that parse_message() knows.
using Message =
    std::variant<Unknown, Hello, FileListRequest, FileListResponse, Search, SearchResult, ManifestRequest, ManifestData,
                 ChunkRequest, ChunkData, Have, Find, Found, Swarm, Offer, Answer, Pair, Error, Ping, Pong, Goodbye>;

struct Envelope {
  std::optional<std::uint64_t> id = std::nullopt;  // chosen by who asks (at most 2^63 - 1), repeated by who answers
  std::uint64_t payload_bytes = 0;
  Message message;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// Why an object is no message. The frame around it was sound, so the session can go on: skip the frame's payload and
// answer ERROR bad_request, with `id` where there is one.
struct MessageError {
  FieldFault fault;
  std::optional<std::uint64_t> id = std::nullopt;
  friend bool operator==(const MessageError&, const MessageError&) = default;
};
// "chunk_index: out of range", for the ERROR's message.
[[nodiscard]] std::string to_string(const MessageError& error);

[[nodiscard]] std::string_view type_of(const Message& message);

[[nodiscard]] Expected<Envelope, MessageError> parse_message(const Frame& frame);
[[nodiscard]] boost::json::object to_json(const Envelope& envelope);
// Length and JSON; envelope.payload_bytes of payload are to follow.
[[nodiscard]] Bytes encode_message(const Envelope& envelope);

}  // namespace essaim::wire
