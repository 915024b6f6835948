// A request and its response, as the routes see them: no socket, no HTTP library.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/target.hpp"
#include "node/views.hpp"

namespace essaim::api {

enum class Method { kGet, kHead, kPost, kPut, kDelete, kOther };
[[nodiscard]] std::string_view name_of(Method method);  // "GET"; empty for kOther

// What a request says of where it comes from: fields of its header as they are, empty where they are not there.
struct Caller {
  std::string host;  // empty also where the field comes twice
  std::string origin;
  std::string fetch_site;     // Sec-Fetch-Site
  std::string authorization;  // Authorization
  std::string cookies;        // Cookie
  std::string page_token;     // X-Essaim-Token
  std::string content_type;
};

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
  std::string allow;   // of a 405: the methods that the route has
  std::string cookie;  // for Set-Cookie; empty: none
};

// The HTTP status that stands for a failure.
[[nodiscard]] int http_status(node::FailureCode code);

// {"error":{"code","message"}}; the status is the failure's, unless HTTP has one of its own for the case (405, 413 …).
[[nodiscard]] Response error_response(const node::Failure& failure, std::optional<int> status = std::nullopt);

}  // namespace essaim::api
