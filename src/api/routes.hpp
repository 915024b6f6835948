// The API's routes: which call of the node answers which request (docs/api.md).
#pragma once
#include <boost/asio/awaitable.hpp>

#include "api/message.hpp"
#include "node/facade.hpp"

namespace essaim::api {

// Answers any request but that for the event stream. Runs on the node's control thread; `node` outlives the answer.
[[nodiscard]] boost::asio::awaitable<Response> respond(node::Facade& node, Request request);

// GET /api/v1/events, which is answered for as long as the listener stays (api/event_stream.hpp).
[[nodiscard]] bool is_event_stream(const Request& request);

}  // namespace essaim::api
