#include "api/routes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/answer.hpp"
#include "api/metrics.hpp"
#include "api/people_routes.hpp"
#include "api/request_body.hpp"
#include "api/upload_routes.hpp"
#include "api/views_json.hpp"
#include "base/text.hpp"

namespace essaim::api {
namespace {

using boost::asio::awaitable;
using node::Facade;
using node::Outcome;

using Handler = awaitable<Response> (*)(Facade&, Request);

struct Route {
  Method method;
  std::string_view pattern;  // parts; "*" stands for any one
  Handler handler;
};

awaitable<Response> get_status(Facade& node, Request) { co_return ok(to_json(node.status())); }
awaitable<Response> get_peers(Facade& node, Request) { co_return ok(to_json(node.peers())); }
awaitable<Response> get_shares(Facade& node, Request) { co_return ok(to_json(node.shares())); }
awaitable<Response> get_transfers(Facade& node, Request) { co_return ok(to_json(node.transfers())); }
awaitable<Response> get_doctor(Facade& node, Request) { co_return answer(co_await node.doctor()); }

node::Failure no_transfer(const std::string& id) {
  return {node::FailureCode::kNotFound, fmt::format("There is no transfer {}.", id)};
}

awaitable<Response> get_transfer(Facade& node, Request request) {
  const std::string& id = request.target.parts.back();
  const std::optional<node::TransferView> transfer = node.transfer(id);
  if (transfer) co_return ok(to_json(*transfer));
  co_return error_response(no_transfer(id));
}

awaitable<Response> get_transfer_map(Facade& node, Request request) {
  const std::string& id = request.target.parts[3];
  const std::optional<node::TransferMapView> map = node.transfer_map(id);
  if (map) co_return ok(to_json(*map));
  co_return error_response(no_transfer(id));
}

awaitable<Response> get_metrics(Facade& node, Request) {
  Response response;
  response.content_type = "text/plain; version=0.0.4";
  response.body = metrics_text(node.metrics());
  co_return response;
}

awaitable<Response> get_list(Facade& node, Request request) {
  node::ListRequest list;
  list.peer = query_text(request.target, "peer").value_or("");
  list.path = query_text(request.target, "path").value_or("");
  list.cursor = query_text(request.target, "cursor");
  if (list.peer.empty()) co_return error_response({node::FailureCode::kUsage, "`peer` is missing"});
  co_return answer(co_await node.list(std::move(list)));
}

awaitable<Response> get_search(Facade& node, Request request) {
  node::SearchRequest search;
  search.words = query_text(request.target, "q").value_or("");
  const auto wait = optional_wait(request.target);
  if (!wait) co_return error_response(wait.error());
  search.wait = wait->value_or(search.wait);
  if (search.words.empty()) co_return error_response({node::FailureCode::kUsage, "`q` is missing"});
  co_return answer(co_await node.search(std::move(search)));
}

node::Failure relative(std::string_view field) {
  return {node::FailureCode::kUsage, fmt::format("`{}` has to be an absolute path", field)};
}

Outcome<node::ShareRequest> share_request(const std::string& text) {
  const Outcome<boost::json::object> body = parse_body(text);
  if (!body) return fail(body.error());
  Outcome<std::string> path = required_text(*body, "path");
  if (!path) return fail(path.error());
  Outcome<std::optional<std::string>> name = optional_text(*body, "name");
  if (!name) return fail(name.error());
  Outcome<std::optional<std::string>> audience = optional_text(*body, "audience");
  if (!audience) return fail(audience.error());
  if (!path->starts_with('/')) return fail(relative("path"));
  node::ShareRequest request;
  request.path = std::move(*path);
  request.name = std::move(*name);
  request.audience = std::move(*audience);
  return request;
}

awaitable<Response> post_share(Facade& node, Request request) {
  Outcome<node::ShareRequest> share = share_request(request.body);
  if (!share) co_return error_response(share.error());
  co_return answer(co_await node.share(std::move(*share)));
}

awaitable<Response> delete_share(Facade& node, Request request) {
  co_return answer(co_await node.unshare(request.target.parts.back()));
}

Outcome<node::GetRequest> get_request(const std::string& text) {
  const Outcome<boost::json::object> body = parse_body(text);
  if (!body) return fail(body.error());
  Outcome<std::string> target = required_text(*body, "target");
  if (!target) return fail(target.error());
  Outcome<std::optional<std::string>> dest = optional_text(*body, "dest");
  if (!dest) return fail(dest.error());
  if (*dest && !(*dest)->starts_with('/')) return fail(relative("dest"));
  const auto wait = optional_wait(*body);
  if (!wait) return fail(wait.error());
  const Outcome<std::optional<std::string>> purpose = optional_text(*body, "purpose");
  if (!purpose) return fail(purpose.error());
  const std::string wanted = purpose->value_or("keep");
  if (wanted != "keep" && wanted != "read") {
    return fail(node::Failure{node::FailureCode::kUsage, "`purpose` has to be \"keep\" or \"read\""});
  }
  node::GetRequest request;
  if (wanted == "read") request.purpose = node::Purpose::kRead;
  request.target = std::move(*target);
  request.dest = std::move(*dest);
  request.wait = wait->value_or(request.wait);
  const auto limit = optional_rate(*body, "limit");
  if (!limit) return fail(limit.error());
  request.bytes_per_second = *limit;
  const auto first = optional_flag(*body, "first");
  if (!first) return fail(first.error());
  if (first->value_or(false)) request.turn = node::GetRequest::Turn::kFirst;
  return request;
}

// Nothing: no limit.
Outcome<std::optional<std::uint64_t>> limit_in(const std::string& text) {
  const Outcome<boost::json::object> body = parse_body(text);
  if (!body) return fail(body.error());
  return optional_rate(*body, "limit");
}

awaitable<Response> post_transfer(Facade& node, Request request) {
  Outcome<node::GetRequest> get = get_request(request.body);
  if (!get) co_return error_response(get.error());
  co_return answer(co_await node.get(std::move(*get)));
}

// "api", "v1", "transfers", ID, "pause"
std::string transfer_id(const Request& request) { return request.target.parts[3]; }

awaitable<Response> post_pause(Facade& node, Request request) {
  co_return answer(co_await node.pause(transfer_id(request)));
}
awaitable<Response> post_resume(Facade& node, Request request) {
  co_return answer(co_await node.resume(transfer_id(request)));
}
awaitable<Response> post_first(Facade& node, Request request) {
  co_return answer(co_await node.put_first(transfer_id(request)));
}
awaitable<Response> post_limit(Facade& node, Request request) {
  const auto limit = limit_in(request.body);
  if (!limit) co_return error_response(limit.error());
  co_return answer(co_await node.set_limit(transfer_id(request), *limit));
}
awaitable<Response> post_cancel(Facade& node, Request request) {
  co_return answer(co_await node.cancel(transfer_id(request)));
}

awaitable<Response> post_stop(Facade& node, Request) {
  node.request_stop();
  Response response = ok(boost::json::object());
  response.status = 202;
  co_return response;
}

constexpr std::string_view kEventsPattern = "api/v1/events";
constexpr std::string_view kFilesPattern = "api/v1/files/*";

// Those that need more than a request and a node.
struct OtherRoute {
  Method method;
  std::string_view pattern;
};
constexpr std::array kOtherRoutes{
    OtherRoute{Method::kGet, kEventsPattern},       OtherRoute{Method::kGet, kFilesPattern},
    OtherRoute{Method::kHead, kFilesPattern},       OtherRoute{Method::kPut, "api/v1/uploads/*"},
    OtherRoute{Method::kPost, "api/v1/web/ticket"}, OtherRoute{Method::kPost, "api/v1/web/session"},
};

constexpr std::array kRoutes{
    Route{Method::kGet, "metrics", get_metrics},
    Route{Method::kGet, "api/v1/metrics", get_metrics},
    Route{Method::kGet, "api/v1/status", get_status},
    Route{Method::kGet, "api/v1/peers", get_peers},
    Route{Method::kGet, "api/v1/list", get_list},
    Route{Method::kGet, "api/v1/search", get_search},
    Route{Method::kGet, "api/v1/doctor", get_doctor},
    Route{Method::kGet, "api/v1/shares", get_shares},
    Route{Method::kPost, "api/v1/shares", post_share},
    Route{Method::kDelete, "api/v1/shares/*", delete_share},
    Route{Method::kGet, "api/v1/transfers", get_transfers},
    Route{Method::kPost, "api/v1/transfers", post_transfer},
    Route{Method::kGet, "api/v1/transfers/*", get_transfer},
    Route{Method::kGet, "api/v1/transfers/*/map", get_transfer_map},
    Route{Method::kPost, "api/v1/transfers/*/pause", post_pause},
    Route{Method::kPost, "api/v1/transfers/*/resume", post_resume},
    Route{Method::kPost, "api/v1/transfers/*/first", post_first},
    Route{Method::kPost, "api/v1/transfers/*/limit", post_limit},
    Route{Method::kPost, "api/v1/transfers/*/cancel", post_cancel},
    Route{Method::kPost, "api/v1/peers/*/trust", post_trust},
    Route{Method::kDelete, "api/v1/peers/*", delete_peer},
    Route{Method::kPost, "api/v1/peers/*/pair", post_pair},
    Route{Method::kPost, "api/v1/peers/*/pair/confirm", post_pair_confirm},
    Route{Method::kPost, "api/v1/peers/*/pair/reject", post_pair_reject},
    Route{Method::kGet, "api/v1/pairings", get_pairings},
    Route{Method::kGet, "api/v1/offers", get_offers},
    Route{Method::kPost, "api/v1/offers", post_offer},
    Route{Method::kPost, "api/v1/offers/*/accept", post_accept},
    Route{Method::kPost, "api/v1/offers/*/decline", post_decline},
    Route{Method::kPost, "api/v1/offers/*/withdraw", post_withdraw},
    Route{Method::kPost, "api/v1/uploads", post_upload},
    Route{Method::kPost, "api/v1/uploads/*/share", share_upload},
    Route{Method::kDelete, "api/v1/uploads/*", delete_upload},
    Route{Method::kPost, "api/v1/stop", post_stop},
};

bool matches(std::string_view pattern, const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = pattern.find('/');
    const std::string_view expected = pattern.substr(0, end);
    if (expected != "*" && expected != parts[i]) return false;
    const bool last = end == std::string_view::npos;
    if (last) return i + 1 == parts.size();
    pattern.remove_prefix(end + 1);
  }
  return false;
}

// The answer where no route has both the path and the method.
Response no_route(const Request& request) {
  std::string allowed;
  const auto add = [&](const auto& route) {
    if (!matches(route.pattern, request.target.parts)) return;
    fmt::format_to(std::back_inserter(allowed), "{}{}", allowed.empty() ? "" : ", ", name_of(route.method));
  };
  std::ranges::for_each(kRoutes, add);
  std::ranges::for_each(kOtherRoutes, add);
  if (allowed.empty()) return error_response({node::FailureCode::kNotFound, "There is nothing at this path."});
  Response response = error_response({node::FailureCode::kUsage, "This path takes " + allowed + " only."}, 405);
  response.allow = allowed;
  return response;
}

}  // namespace

awaitable<Response> respond(Facade& node, Request request) {
  const auto fits = [&request](const Route& route) {
    return route.method == request.method && matches(route.pattern, request.target.parts);
  };
  const auto route = std::find_if(kRoutes.begin(), kRoutes.end(), fits);
  if (route == kRoutes.end()) co_return no_route(request);
  co_return co_await route->handler(node, std::move(request));
}

std::vector<RouteName> all_routes() {
  std::vector<RouteName> names;
  const auto add = [&names](const auto& route) { names.emplace_back(route.method, "/" + std::string(route.pattern)); };
  std::ranges::for_each(kRoutes, add);
  std::ranges::for_each(kOtherRoutes, add);
  return names;
}

std::optional<std::string> file_asked_for(const Request& request) {
  const bool reads = request.method == Method::kGet || request.method == Method::kHead;
  if (!reads || !matches(kFilesPattern, request.target.parts)) return std::nullopt;
  return request.target.parts.back();
}

node::Answer<std::shared_ptr<node::ContentStream>> open_file(Facade& node, std::string id) {
  const std::optional<Bytes> bytes = from_base32(id);
  const std::optional<ContentId> content = bytes ? ContentId::from(*bytes) : std::nullopt;
  if (!content) co_return fail(node::Failure{node::FailureCode::kUsage, "This is not the id of a content."});
  co_return co_await node.read(*content);
}

bool is_event_stream(const Request& request) {
  return request.method == Method::kGet && matches(kEventsPattern, request.target.parts);
}

}  // namespace essaim::api
