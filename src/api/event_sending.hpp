// The node's events, told to one listener.
#pragma once
#include <cstdint>
#include <optional>

#include <boost/asio/awaitable.hpp>

#include "api/stream.hpp"
#include "node/events.hpp"

namespace essaim::api {

// Until the listener leaves or the log is closed. Begins after event `last_event_id`, or with `reset`.
[[nodiscard]] boost::asio::awaitable<void> tell_events(Stream& stream, node::EventLog& log,
                                                       std::optional<std::uint64_t> last_event_id);

}  // namespace essaim::api
