#include "api/web_routes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>

#include "api/answer.hpp"
#include "api/request_body.hpp"

namespace essaim::api {
namespace {

bool is_post(const Request& request, std::string_view last_part) {
  const auto& parts = request.target.parts;
  return request.method == Method::kPost && parts.size() == 4 && parts[0] == "api" && parts[1] == "v1" &&
         parts[2] == "web" && parts[3] == last_part;
}

}  // namespace

bool is_sign_in(const Request& request) { return is_post(request, "session"); }

Response respond_to_sign_in(const Reception& reception, const Request& request, Instant now) {
  if (reception.way != WayIn::kWeb) {
    return error_response({node::FailureCode::kRefused, "Who can open this socket needs to sign in nowhere."});
  }
  const node::Outcome<boost::json::object> body = parse_body(request.body);
  if (!body) return error_response(body.error());
  const node::Outcome<std::string> ticket = required_text(*body, "ticket");
  if (!ticket) return error_response(ticket.error());
  std::optional<WebLogin> login = reception.gate->redeem(*ticket, now);
  if (!login) {
    return error_response(
        {node::FailureCode::kRefused,
         "This address was good for one visit, and it is used or too old. `essaim web` gives another."},
        401);
  }
  boost::json::object document;
  document["token"] = login->page_token;
  Response response = ok(document);
  response.cookie = std::move(login->cookie);
  return response;
}

bool asks_for_ticket(const Request& request) { return is_post(request, "ticket"); }

Response respond_with_ticket(const Reception& reception, Instant now) {
  if (reception.way != WayIn::kOwner) {
    return error_response({node::FailureCode::kRefused, "Tickets are given on the socket in the home only."});
  }
  if (!reception.gate) {
    return error_response(
        {node::FailureCode::kNotFound, "This node shows no page. Start it with `essaim up`, without `--web off`."});
  }
  const std::string ticket = reception.gate->make_ticket(now);
  boost::json::object document;
  document["url"] = reception.gate->page_address() + "#ticket=" + ticket;
  document["seconds"] = std::chrono::seconds(kTicketLifetime).count();
  return ok(document);
}

}  // namespace essaim::api
