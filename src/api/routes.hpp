// The API's routes: which call of the node answers which request (docs/api.md).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/message.hpp"
#include "node/facade.hpp"

namespace essaim::api {

// Answers any request but that for the event stream. Runs on the node's control thread; `node` outlives the answer.
[[nodiscard]] boost::asio::awaitable<Response> respond(node::Facade& node, Request request);

// Every route that there is, on whatever way in, answered by respond() or not. `path` as "/api/v1/shares/*", where "*"
// stands for one part of any text.
struct RouteName {
  Method method;
  std::string path;
};
[[nodiscard]] std::vector<RouteName> all_routes();

// GET /api/v1/events, which is answered for as long as the listener stays (api/event_stream.hpp).
[[nodiscard]] bool is_event_stream(const Request& request);

// GET or HEAD of /api/v1/files/ID, whose answer is no Response (api/file_sending.hpp): the ID.
[[nodiscard]] std::optional<std::string> file_asked_for(const Request& request);
// The content with that id; kUsage where the text is no id.
[[nodiscard]] node::Answer<std::shared_ptr<node::ContentStream>> open_file(node::Facade& node, std::string id);

}  // namespace essaim::api
