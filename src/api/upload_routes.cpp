#include "api/upload_routes.hpp"

#include <string>
#include <utility>

#include <boost/json/object.hpp>

#include "api/answer.hpp"
#include "api/request_body.hpp"

namespace essaim::api {
namespace {

using boost::asio::awaitable;
using node::Facade;
using node::Outcome;

// "api", "v1", "uploads", ID, …
std::string upload_id(const Request& request) { return request.target.parts[3]; }

Outcome<std::string> audience_in(const std::string& text) {
  const Outcome<boost::json::object> body = parse_body(text);
  if (!body) return fail(body.error());
  const Outcome<std::optional<std::string>> audience = optional_text(*body, "audience");
  if (!audience) return fail(audience.error());
  return audience->value_or("everyone");
}

}  // namespace

awaitable<Response> post_upload(Facade& node, Request) {
  const Outcome<std::string> id = co_await node.begin_drop();
  if (!id) co_return error_response(id.error());
  boost::json::object document;
  document["id"] = *id;
  co_return ok(document);
}

awaitable<Response> share_upload(Facade& node, Request request) {
  Outcome<std::string> audience = audience_in(request.body);
  if (!audience) co_return error_response(audience.error());
  co_return answer(co_await node.share_drop(upload_id(request), std::move(*audience)));
}

awaitable<Response> delete_upload(Facade& node, Request request) {
  const Outcome<void> discarded = co_await node.discard_drop(upload_id(request));
  co_return discarded ? ok(boost::json::object()) : error_response(discarded.error());
}

std::optional<node::DropFileRequest> upload_asked_for(const Request& request) {
  const auto& parts = request.target.parts;
  const bool fits = request.method == Method::kPut && parts.size() == 4 && parts[0] == "api" && parts[1] == "v1" &&
                    parts[2] == "uploads";
  if (!fits) return std::nullopt;
  return node::DropFileRequest{.id = parts[3], .path = query_text(request.target, "path").value_or("")};
}

}  // namespace essaim::api
