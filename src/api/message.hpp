// A request and its response, as the routes see them: no socket, no HTTP library.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "api/target.hpp"
#include "node/views.hpp"

namespace essaim::api {

enum class Method { kGet, kHead, kPost, kDelete, kOther };

struct Request {
  Method method = Method::kGet;
  Target target;
  std::string body;
  std::optional<std::uint64_t> last_event_id;
  // Fields of the header as they are; empty where they are not there.
  std::string range;
  std::string if_range;
  std::string if_none_match;
  bool keep_alive = false;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string allow;  // of a 405: the methods that the route has
};

// The HTTP status that stands for a failure.
[[nodiscard]] int http_status(node::FailureCode code);

// {"error":{"code","message"}}; the status is the failure's, unless HTTP has one of its own for the case (405, 413 …).
[[nodiscard]] Response error_response(const node::Failure& failure, std::optional<int> status = std::nullopt);

}  // namespace essaim::api
