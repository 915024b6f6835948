// The node's events as text/event-stream (HTML standard, "Server-sent events"): written here, read here.
//
//     id: 17
//     event: transfer
//     data: {"id":…}
//
// `reset` says that the listener can't be told what it missed: read the views, then follow from here. A stream that
// begins without Last-Event-ID begins with one. Lines that begin with ':' are heartbeats.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "node/events.hpp"

namespace essaim::api {

inline constexpr std::string_view kHeartbeat = ":\n\n";
inline constexpr std::string_view kResetEvent = "reset";

[[nodiscard]] std::string event_text(const node::Event& event);
[[nodiscard]] std::string reset_text(std::uint64_t number);

// One event as a listener gets it.
struct StreamEvent {
  std::uint64_t number = 0;
  std::string kind;  // "peer", "peer_gone", "share", "share_gone", "transfer", "reset"
  boost::json::value data;
};

enum class StreamError {
  kTooLong,  // an event of more than EventParser::kEventBytesMax bytes
  kNotJson,
};
[[nodiscard]] std::string_view to_string(StreamError error);

// Cuts a stream into events, however its bytes arrive.
class EventParser {
 public:
  static constexpr std::size_t kEventBytesMax = 1024 * 1024;

  void feed(std::string_view bytes) { buffer_.append(bytes); }
  // The next whole event; nothing until more is fed. After an error the stream is not worth reading on.
  [[nodiscard]] Expected<std::optional<StreamEvent>, StreamError> next();

 private:
  std::string buffer_;
  std::size_t searched_ = 0;  // no event ends before this place in the buffer
};

}  // namespace essaim::api
