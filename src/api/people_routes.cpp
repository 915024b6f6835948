#include "api/people_routes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/answer.hpp"
#include "api/request_body.hpp"

namespace essaim::api {
namespace {

using boost::asio::awaitable;
using node::Facade;
using node::Outcome;

// The part of the path that names a peer or an offer.
const std::string& named(const Request& request) { return request.target.parts[3]; }

Outcome<access::Trust> trust_in(const std::string& text) {
  const Outcome<boost::json::object> body = parse_body(text);
  if (!body) return fail(body.error());
  const Outcome<std::string> word = required_text(*body, "trust");
  if (!word) return fail(word.error());
  const auto trust = access::trust_from_text(*word);
  if (trust) return *trust;
  return fail(node::Failure{node::FailureCode::kUsage, "`trust` has to be trusted, blocked or unknown"});
}

bool all_absolute(const std::vector<std::string>& paths) {
  return std::ranges::all_of(paths, [](const std::string& path) { return path.starts_with('/'); });
}

Outcome<node::SendRequest> send_request(const std::string& text) {
  const Outcome<boost::json::object> body = parse_body(text);
  if (!body) return fail(body.error());
  Outcome<std::vector<std::string>> paths = required_texts(*body, "paths");
  if (!paths) return fail(paths.error());
  Outcome<std::vector<std::string>> peers = required_texts(*body, "to");
  if (!peers) return fail(peers.error());
  if (!all_absolute(*paths)) return fail(node::Failure{node::FailureCode::kUsage, "`paths` have to be absolute"});
  return node::SendRequest{.paths = std::move(*paths), .peers = std::move(*peers)};
}

Outcome<node::AcceptRequest> accept_request(const Request& request) {
  node::AcceptRequest accept{.offer = named(request), .dest = std::nullopt};
  if (request.body.empty()) return accept;
  const Outcome<boost::json::object> body = parse_body(request.body);
  if (!body) return fail(body.error());
  Outcome<std::optional<std::string>> dest = optional_text(*body, "dest");
  if (!dest) return fail(dest.error());
  if (*dest && !(*dest)->starts_with('/')) {
    return fail(node::Failure{node::FailureCode::kUsage, "`dest` has to be an absolute path"});
  }
  accept.dest = std::move(*dest);
  return accept;
}

}  // namespace

awaitable<Response> post_trust(Facade& node, Request request) {
  const Outcome<access::Trust> trust = trust_in(request.body);
  if (!trust) co_return error_response(trust.error());
  co_return answer(co_await node.set_trust(named(request), *trust));
}

awaitable<Response> delete_peer(Facade& node, Request request) {
  co_return answer(co_await node.forget(named(request)));
}

awaitable<Response> post_pair(Facade& node, Request request) { co_return answer(co_await node.pair(named(request))); }
awaitable<Response> post_pair_confirm(Facade& node, Request request) {
  co_return answer(co_await node.confirm_pairing(named(request)));
}
awaitable<Response> post_pair_reject(Facade& node, Request request) {
  co_return answer(co_await node.reject_pairing(named(request)));
}
awaitable<Response> get_pairings(Facade& node, Request /*request*/) { co_return ok(to_json(node.pairings())); }

awaitable<Response> get_offers(Facade& node, Request /*request*/) { co_return ok(to_json(node.offers())); }

awaitable<Response> post_offer(Facade& node, Request request) {
  Outcome<node::SendRequest> send = send_request(request.body);
  if (!send) co_return error_response(send.error());
  co_return answer(co_await node.send(std::move(*send)));
}

awaitable<Response> post_accept(Facade& node, Request request) {
  Outcome<node::AcceptRequest> accept = accept_request(request);
  if (!accept) co_return error_response(accept.error());
  co_return answer(co_await node.accept(std::move(*accept)));
}
awaitable<Response> post_decline(Facade& node, Request request) {
  co_return answer(co_await node.decline(named(request)));
}
awaitable<Response> post_withdraw(Facade& node, Request request) {
  co_return answer(co_await node.withdraw(named(request)));
}

}  // namespace essaim::api
