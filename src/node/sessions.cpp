#include "node/sessions.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/defence.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
using transport::NetError;

constexpr auto kForEver = asio::steady_timer::time_point::max();

asio::awaitable<void> wait(asio::steady_timer& timer) {
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

// Told by its type, since the ids of the peer's own questions are the peer's choice.
bool is_answer(const wire::Message& message) {
  return std::holds_alternative<wire::FileListResponse>(message) ||
         std::holds_alternative<wire::SearchResult>(message) || std::holds_alternative<wire::ManifestData>(message) ||
         std::holds_alternative<wire::Found>(message) || std::holds_alternative<wire::Answer>(message) ||
         std::holds_alternative<wire::Error>(message);
}

}  // namespace

Sessions::Sessions(const asio::any_io_executor& control, transport::Lanes& lanes, const transport::TlsContext& tls,
                   Log& log)
    : control_(control), lanes_(lanes), tls_(tls), log_(log), ping_timer_(control), all_closed_(control, kForEver) {}

void Sessions::start(Hooks hooks) {
  hooks_ = std::move(hooks);
  asio::co_spawn(control_, ping_loop(), asio::detached);
}

asio::awaitable<void> Sessions::stop(std::chrono::milliseconds time_max) {
  stopping_ = true;
  ping_timer_.cancel();
  for (auto& [id, session] : sessions_) {
    send(id, {.id = {}, .payload_bytes = 0, .message = wire::Goodbye{}});
    session.link->finish();
  }
  all_closed_.expires_after(time_max);
  if (!sessions_.empty()) co_await wait(all_closed_);
}

Bytes Sessions::hello_frame() const {
  return wire::encode_message({.id = {}, .payload_bytes = 0, .message = hooks_.hello()});
}

PeerSession::Options Sessions::options(SessionId id, Bytes hello) {
  return {.id = id,
          .hello = std::move(hello),
          .control = control_,
          .handler = [this](SessionId from, SessionEvent event) { on_event(from, std::move(event)); },
          .counters = lane_counters_,
          .unsent = unsent_};
}

std::shared_ptr<PeerSession> Sessions::make_accepted(transport::Lane& lane, SessionId id, Bytes hello) {
  return std::make_shared<PeerSession>(lane, tls_, options(id, std::move(hello)));
}

asio::awaitable<Expected<SessionId, NetError>> Sessions::connect(PeerId peer, std::vector<Endpoint> addresses) {
  if (const Session* session = find_peer(peer)) co_return session->id;
  if (const auto found = wanted_.find(peer); found != wanted_.end()) {
    const auto dial = found->second;
    while (!dial->result) co_await wait(dial->ended);
    co_return *dial->result;
  }
  const auto shared = std::make_shared<Dial>(control_);
  shared->ended.expires_at(kForEver);
  wanted_.emplace(peer, shared);
  Expected<SessionId, NetError> result = fail(NetError::kUnreachable);
  for (const Endpoint& address : addresses) {
    result = co_await dial(peer, address);
    if (const Session* session = find_peer(peer)) result = session->id;  // theirs may have come first
    if (result || stopping_) break;
  }
  shared->result = result;
  shared->ended.cancel();
  wanted_.erase(peer);
  co_return result;
}

asio::awaitable<Expected<SessionId, NetError>> Sessions::dial(PeerId peer, Endpoint address) {
  if (stopping_ || sessions_.size() >= kSessionsMax) co_return fail(NetError::kCancelled);
  const SessionId id = new_id();
  const auto pending = std::make_shared<Dial>(control_);
  pending->ended.expires_at(kForEver);
  dials_.emplace(id, pending);
  std::make_shared<PeerSession>(lanes_.next(), tls_, options(id, hello_frame()))->dial(address, peer);
  while (!pending->result) co_await wait(pending->ended);
  if (!*pending->result) {
    log_.debug("could not reach {} at {}: {}", peer.text, address.text(), to_string(pending->result->error()));
  }
  co_return *pending->result;
}

void Sessions::settle_dial(SessionId id, Expected<SessionId, NetError> result) {
  const auto found = dials_.find(id);
  if (found == dials_.end()) return;
  found->second->result = result;
  found->second->ended.cancel();
  dials_.erase(found);
}

const Session* Sessions::find(SessionId id) const {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

const Session* Sessions::find_peer(const PeerId& peer) const {
  const auto found = std::ranges::find_if(sessions_, [&](const auto& entry) { return entry.second.peer == peer; });
  return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<SessionId> Sessions::ids() const {
  std::vector<SessionId> ids;
  ids.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) ids.push_back(id);
  return ids;
}

asio::awaitable<Expected<Reply, AskFailure>> Sessions::ask(SessionId id, wire::Message message,
                                                           std::chrono::milliseconds timeout) {
  if (find(id) == nullptr) co_return fail(AskFailure{});
  const std::uint64_t wire_id = new_wire_id();
  const auto question = std::make_shared<Question>(control_);
  question->session = id;
  question->timer.expires_after(timeout);
  questions_.emplace(wire_id, question);
  send(id, {.id = wire_id, .payload_bytes = 0, .message = std::move(message)});
  co_await wait(question->timer);
  questions_.erase(wire_id);
  if (!question->answer) co_return fail(AskFailure{.kind = AskFailure::Kind::kTimeout});
  co_return std::move(*question->answer);
}

void Sessions::send(SessionId id, const wire::Envelope& envelope) {
  if (const Session* session = find(id)) session->link->send(wire::encode_message(envelope));
}

void Sessions::on_event(SessionId id, SessionEvent event) {
  if (auto* opened = std::get_if<SessionOpened>(&event)) return on_opened(id, std::move(*opened));
  if (const auto* closed = std::get_if<SessionClosed>(&event)) return on_closed(id, closed->reason);
  if (auto* chunks = std::get_if<ChunksArrived>(&event)) return hooks_.chunks(id, std::move(chunks->outcomes));
  if (auto* served = std::get_if<ChunksServed>(&event)) return hooks_.served(id, std::move(served->outcomes));
  const Session* session = find(id);
  if (session == nullptr) return;
  const auto link = session->link;
  on_message(*session, std::move(std::get<MessageArrived>(event)));
  link->delivered();
}

bool Sessions::has_room_for(const SessionOpened& opened) const {
  std::size_t same_peer = 0;
  std::size_t same_address = 0;
  for (const auto& [id, session] : sessions_) {
    if (session.peer == opened.peer) ++same_peer;
    if (session.remote.address == opened.remote.address) ++same_address;
  }
  if (sessions_.size() >= kSessionsMax) return false;
  if (defended(Defence::kSessionsPerPeer) && same_peer >= kSessionsPerPeerMax) return false;
  const bool many_from_there = same_address >= kSessionsPerAddressMax && !opened.remote.address.is_loopback();
  return !many_from_there || !defended(Defence::kSessionsPerAddress);
}

void Sessions::on_opened(SessionId id, SessionOpened opened) {
  const auto link = opened.session.lock();
  if (link == nullptr) return;
  const bool is_self = opened.peer == tls_.peer_id();
  const bool admitted = hooks_.admits(opened.peer);
  if (stopping_ || is_self || !admitted || !has_room_for(opened)) {
    if (!stopping_ && !is_self && admitted) ++refused_;
    link->finish();
    return settle_dial(id, fail(NetError::kCancelled));
  }
  Session session{.id = id,
                  .peer = std::move(opened.peer),
                  .remote = opened.remote,
                  .hello = std::move(opened.hello),
                  .link = link};
  const auto at = sessions_.emplace(id, std::move(session)).first;
  log_.debug("session with {} ({})", at->second.hello.name, at->second.peer.text);
  hooks_.opened(at->second);
  settle_dial(id, id);
}

void Sessions::on_message(const Session& session, MessageArrived arrived) {
  if (arrived.envelope.id && is_answer(arrived.envelope.message)) {
    const auto found = questions_.find(*arrived.envelope.id);
    const bool answers = found != questions_.end() && found->second->session == session.id;
    if (answers && !found->second->answer) {
      if (const auto* error = std::get_if<wire::Error>(&arrived.envelope.message)) {
        found->second->answer = fail(AskFailure{.kind = AskFailure::Kind::kRefused, .code = error->code});
      } else {
        found->second->answer = Reply{std::move(arrived.envelope), std::move(arrived.payload)};
      }
      found->second->timer.cancel();
      return;
    }
  }
  hooks_.message(session, std::move(arrived.envelope), std::move(arrived.payload));
}

void Sessions::on_closed(SessionId id, NetError reason) {
  settle_dial(id, fail(reason));
  for (auto& [wire_id, question] : questions_) {
    if (question->session != id || question->answer) continue;
    question->answer = fail(AskFailure{});
    question->timer.cancel();
  }
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  const Session session = std::move(found->second);
  sessions_.erase(found);
  hooks_.closed(session, reason);
  if (sessions_.empty()) all_closed_.cancel();
}

asio::awaitable<void> Sessions::ping_loop() {
  while (!stopping_) {
    ping_timer_.expires_after(kPingInterval);
    co_await wait(ping_timer_);
    for (const SessionId id : ids()) send(id, {.id = {}, .payload_bytes = 0, .message = wire::Ping{}});
  }
}

}  // namespace essaim::node
