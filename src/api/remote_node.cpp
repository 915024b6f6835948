#include "api/remote_node.hpp"

#include <string_view>
#include <utility>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "api/views_json.hpp"

namespace essaim::api {
namespace {

using node::Outcome;

// A target below /api/v1/; texts among its parts are encoded.
template <class... Parts>
std::string path(fmt::format_string<Parts...> format, Parts&&... parts) {
  return "/api/v1/" + fmt::format(format, std::forward<Parts>(parts)...);
}

Call get_call(std::string target) {
  Call call;
  call.target = std::move(target);
  return call;
}

Call post_call(std::string target, boost::json::value body = nullptr) {
  Call call;
  call.method = Method::kPost;
  call.target = std::move(target);
  call.body = std::move(body);
  return call;
}

template <class View>
Outcome<View> understood(std::optional<View> view) {
  if (view) return std::move(*view);
  return fail(node::Failure{node::FailureCode::kFailed,
                            "The node's answer makes no sense here. Is the node that runs of another version?"});
}

template <class View>
Outcome<View> ask_one(Client& client, Call call) {
  const Outcome<boost::json::value> answer = client.call(std::move(call));
  if (!answer) return fail(answer.error());
  return understood(from_json<View>(*answer));
}

template <class View>
Outcome<std::vector<View>> ask_all(Client& client, Call call) {
  const Outcome<boost::json::value> answer = client.call(std::move(call));
  if (!answer) return fail(answer.error());
  return understood(list_from_json<View>(*answer));
}

}  // namespace

Outcome<node::StatusView> RemoteNode::status() { return ask_one<node::StatusView>(client_, get_call(path("status"))); }

Outcome<std::vector<node::PeerView>> RemoteNode::peers() {
  return ask_all<node::PeerView>(client_, get_call(path("peers")));
}

Outcome<std::vector<node::ShareView>> RemoteNode::shares() {
  return ask_all<node::ShareView>(client_, get_call(path("shares")));
}

Outcome<std::vector<node::TransferView>> RemoteNode::transfers() {
  return ask_all<node::TransferView>(client_, get_call(path("transfers")));
}

Outcome<node::TransferView> RemoteNode::transfer(const std::string& id) {
  return ask_one<node::TransferView>(client_, get_call(path("transfers/{}", percent_encode(id))));
}

Outcome<node::ShareView> RemoteNode::share(const node::ShareRequest& request) {
  boost::json::object body;
  body["path"] = request.path;
  if (request.name) body["name"] = *request.name;
  if (request.audience) body["audience"] = *request.audience;
  return ask_one<node::ShareView>(client_, post_call(path("shares"), std::move(body)));
}

Outcome<node::ShareView> RemoteNode::unshare(const std::string& name_or_path) {
  Call call = get_call(path("shares/{}", percent_encode(name_or_path)));
  call.method = Method::kDelete;
  return ask_one<node::ShareView>(client_, std::move(call));
}

Outcome<node::EntryPage> RemoteNode::list(const node::ListRequest& request) {
  std::string target = path("list?peer={}&path={}", percent_encode(request.peer), percent_encode(request.path));
  if (request.cursor) target += "&cursor=" + percent_encode(*request.cursor);
  return ask_one<node::EntryPage>(client_, get_call(std::move(target)));
}

Outcome<std::vector<node::EntryView>> RemoteNode::search(const node::SearchRequest& request) {
  return ask_all<node::EntryView>(
      client_, get_call(path("search?q={}&wait={}", percent_encode(request.words), request.wait.count())));
}

Outcome<node::TransferView> RemoteNode::get(const node::GetRequest& request) {
  boost::json::object body;
  body["target"] = request.target;
  if (request.dest) body["dest"] = *request.dest;
  body["wait"] = request.wait.count();
  if (request.turn == node::GetRequest::Turn::kFirst) body["first"] = true;
  if (request.bytes_per_second) body["limit"] = *request.bytes_per_second;
  if (request.purpose == node::Purpose::kRead) body["purpose"] = "read";
  return ask_one<node::TransferView>(client_, post_call(path("transfers"), std::move(body)));
}

Outcome<node::TransferView> RemoteNode::pause(const std::string& id) {
  return ask_one<node::TransferView>(client_, post_call(path("transfers/{}/pause", percent_encode(id))));
}

Outcome<node::TransferView> RemoteNode::resume(const std::string& id) {
  return ask_one<node::TransferView>(client_, post_call(path("transfers/{}/resume", percent_encode(id))));
}

Outcome<node::TransferView> RemoteNode::put_first(const std::string& id) {
  return ask_one<node::TransferView>(client_, post_call(path("transfers/{}/first", percent_encode(id))));
}

Outcome<node::TransferView> RemoteNode::set_limit(const std::string& id,
                                                  std::optional<std::uint64_t> bytes_per_second) {
  boost::json::object body;
  body["limit"] = bytes_per_second.value_or(0);
  return ask_one<node::TransferView>(client_,
                                     post_call(path("transfers/{}/limit", percent_encode(id)), std::move(body)));
}

Outcome<node::TransferView> RemoteNode::cancel(const std::string& id) {
  return ask_one<node::TransferView>(client_, post_call(path("transfers/{}/cancel", percent_encode(id))));
}

Outcome<node::PeerView> RemoteNode::set_trust(const std::string& peer, access::Trust trust) {
  boost::json::object body;
  body["trust"] = to_string(trust);
  return ask_one<node::PeerView>(client_, post_call(path("peers/{}/trust", percent_encode(peer)), std::move(body)));
}

Outcome<node::PeerView> RemoteNode::forget(const std::string& peer) {
  Call call = get_call(path("peers/{}", percent_encode(peer)));
  call.method = Method::kDelete;
  return ask_one<node::PeerView>(client_, std::move(call));
}

Outcome<node::PairingView> RemoteNode::pair(const std::string& peer) {
  return ask_one<node::PairingView>(client_, post_call(path("peers/{}/pair", percent_encode(peer))));
}

Outcome<node::PairingView> RemoteNode::confirm_pairing(const std::string& peer) {
  return ask_one<node::PairingView>(client_, post_call(path("peers/{}/pair/confirm", percent_encode(peer))));
}

Outcome<node::PairingView> RemoteNode::reject_pairing(const std::string& peer) {
  return ask_one<node::PairingView>(client_, post_call(path("peers/{}/pair/reject", percent_encode(peer))));
}

Outcome<std::vector<node::PairingView>> RemoteNode::pairings() {
  return ask_all<node::PairingView>(client_, get_call(path("pairings")));
}

Outcome<node::OfferView> RemoteNode::send(const node::SendRequest& request) {
  boost::json::object body;
  boost::json::array& paths = body["paths"].emplace_array();
  for (const std::string& file : request.paths) paths.emplace_back(file);
  boost::json::array& peers = body["to"].emplace_array();
  for (const std::string& peer : request.peers) peers.emplace_back(peer);
  return ask_one<node::OfferView>(client_, post_call(path("offers"), std::move(body)));
}

Outcome<std::vector<node::OfferView>> RemoteNode::offers() {
  return ask_all<node::OfferView>(client_, get_call(path("offers")));
}

Outcome<node::OfferView> RemoteNode::accept(const node::AcceptRequest& request) {
  boost::json::object body;
  if (request.dest) body["dest"] = *request.dest;
  return ask_one<node::OfferView>(client_,
                                  post_call(path("offers/{}/accept", percent_encode(request.offer)), std::move(body)));
}

Outcome<node::OfferView> RemoteNode::decline(const std::string& id) {
  return ask_one<node::OfferView>(client_, post_call(path("offers/{}/decline", percent_encode(id))));
}

Outcome<node::OfferView> RemoteNode::withdraw(const std::string& id) {
  return ask_one<node::OfferView>(client_, post_call(path("offers/{}/withdraw", percent_encode(id))));
}

Outcome<std::vector<node::DoctorLine>> RemoteNode::doctor() {
  return ask_all<node::DoctorLine>(client_, get_call(path("doctor")));
}

Outcome<PageTicket> RemoteNode::page_ticket() {
  const Outcome<boost::json::value> answer = client_.call(post_call(path("web/ticket")));
  if (!answer) return fail(answer.error());
  const boost::json::object* document = answer->if_object();
  const boost::json::value* url = document == nullptr ? nullptr : document->if_contains("url");
  const boost::json::value* seconds = document == nullptr ? nullptr : document->if_contains("seconds");
  std::optional<PageTicket> ticket;
  if (url != nullptr && url->is_string() && seconds != nullptr && seconds->is_number()) {
    boost::json::error_code error;
    ticket = PageTicket{std::string(url->get_string()), seconds->to_number<std::uint64_t>(error)};
  }
  return understood(std::move(ticket));
}

Outcome<void> RemoteNode::request_stop() {
  const Outcome<boost::json::value> answer = client_.call(post_call(path("stop")));
  if (!answer) return fail(answer.error());
  return {};
}

}  // namespace essaim::api
