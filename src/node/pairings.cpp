#include "node/pairings.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "node/failures.hpp"
#include "node/pairing_wire.hpp"
#include "node/random_bytes.hpp"
#include "transport/clock.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
using access::Pairing;

access::PairingNonce new_nonce() {
  access::PairingNonce nonce{};
  fill_randomly(nonce);
  return nonce;
}

PairingState state_of(Pairing::State state) {
  switch (state) {
    case Pairing::State::kExchanging:
    case Pairing::State::kComparing: return PairingState::kComparing;
    case Pairing::State::kConfirmed: return PairingState::kConfirmed;
    case Pairing::State::kDone: return PairingState::kDone;
    case Pairing::State::kFailed: return PairingState::kFailed;
  }
  return PairingState::kFailed;
}

Failure failure_of(const Pairing::End& end, const std::string& name) {
  switch (end.why) {
    case access::PairingRefusal::kDifferent:
      if (end.theirs) return {FailureCode::kRefused, name + " said no: nothing was paired."};
      return {FailureCode::kRefused,
              "Nothing was paired. If the digits were different, somebody may stand between you: use another network."};
    case access::PairingRefusal::kBusy:
      return {FailureCode::kRefused, name + " takes no more tries for now. Wait a few minutes, then try again."};
    case access::PairingRefusal::kBroken:
      return {FailureCode::kRefused, "The pairing with " + name + " broke off against the rules: nothing was paired."};
    case access::PairingRefusal::kTimeout: break;
  }
  return {FailureCode::kFailed,
          "The pairing with " + name + " took too long. Begin it again when both of you are there."};
}

}  // namespace

Pairings::EntryPtr Pairings::find_open(const PeerId& peer) const {
  const auto found = entries_.find(peer);
  return found == entries_.end() || found->second->pairing.over() ? nullptr : found->second;
}

std::size_t Pairings::open() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(entries_, [](const auto& entry) { return !entry.second->pairing.over(); }));
}

Pairings::EntryPtr Pairings::put(const PeerId& peer, Pairing pairing, bool incoming) {
  forget_oldest_ended();
  auto entry = std::make_shared<Entry>(std::move(pairing), parts_.control);
  entry->incoming = incoming;
  entry->number = ++begun_;
  entries_[peer] = entry;
  asio::co_spawn(parts_.control, keep_time(peer, entry), asio::detached);
  return entry;
}

Answer<PairingView> Pairings::pair(discovery::NearPeer peer) {
  const PeerId id = peer.peer_id;
  auto connecting = parts_.browser.session_with(id);
  if (const auto session = co_await std::move(connecting); !session) {
    co_return fail_with(FailureCode::kFailed,
                        name_of(peer) + " cannot be reached: " + std::string(to_string(session.error())) + ".");
  }
  if (find_open(id) == nullptr) {
    // A person has asked for it: only this peer's own failures count.
    if (const auto next = tries_.next_try(id); next && parts_.now() < *next) {
      co_return fail_with(FailureCode::kRefused, "Too many pairings with " + name_of(peer) +
                                                     " have failed. Wait a few minutes, then try again.");
    }
    if (open() >= kPairingsOpenMax) {
      co_return fail_with(FailureCode::kRefused, "Too many pairings are under way. Finish one of them first.");
    }
    follow(id, put(id, Pairing::ask({.self = parts_.self, .other = id}, new_nonce(), parts_.now()), false));
  }
  EntryPtr entry = entries_.at(id);
  while (entry->pairing.state() == Pairing::State::kExchanging && !stopping_) {
    co_await entry->changed.async_wait(asio::as_tuple(asio::use_awaitable));
    // Theirs may have taken its place.
    if (const auto latest = entries_.find(id); latest != entries_.end()) entry = latest->second;
  }
  const PairingView now = view(id, *entry);
  if (now.failure) co_return fail(*now.failure);
  co_return now;
}

Expected<Pairings::EntryPtr, Failure> Pairings::find_comparing(const PeerId& peer) const {
  EntryPtr entry = find_open(peer);
  if (entry != nullptr && entry->pairing.state() != Pairing::State::kExchanging) return entry;
  return fail(Failure{FailureCode::kNotFound, "No pairing with " + parts_.browser.name_of_peer(peer) +
                                                  " is under way. `essaim pair` begins one."});
}

Outcome<PairingView> Pairings::confirm(const PeerId& peer) {
  const auto entry = find_comparing(peer);
  if (!entry) return fail(entry.error());
  (*entry)->pairing.confirm();
  follow(peer, *entry);
  return view(peer, **entry);
}

Outcome<PairingView> Pairings::reject(const PeerId& peer) {
  const auto entry = find_comparing(peer);
  if (!entry) return fail(entry.error());
  (*entry)->pairing.refuse(access::PairingRefusal::kDifferent);
  follow(peer, *entry);
  return view(peer, **entry);
}

void Pairings::on_message(const Session& session, const wire::Pair& message) {
  const access::PairingStep step = step_of(message);
  if (const auto* commit = std::get_if<access::PairingCommit>(&step)) return on_commit(session, *commit);
  const EntryPtr entry = find_open(session.peer);
  if (entry == nullptr) return;
  entry->pairing.on_step(step);
  follow(session.peer, entry);
}

void Pairings::on_commit(const Session& session, const access::PairingCommit& commit) {
  const EntryPtr ours = find_open(session.peer);
  const bool both_asked = ours != nullptr && !ours->incoming && ours->pairing.state() == Pairing::State::kExchanging;
  if (both_asked && parts_.self < session.peer) return;  // the lesser id asks, the other answers
  if (ours != nullptr && !both_asked) {
    ours->pairing.on_step(commit);
    return follow(session.peer, ours);
  }
  if (!tries_.may_try(session.peer, parts_.now()) || (!both_asked && open() >= kPairingsOpenMax)) {
    return send(session.peer, access::PairingRefuse{access::PairingRefusal::kBusy});
  }
  const access::Pairing::Ends ends{.self = parts_.self, .other = session.peer};
  const EntryPtr entry = put(session.peer, Pairing::answer(ends, new_nonce(), commit, parts_.now()), !both_asked);
  if (both_asked) give_up(*ours);
  follow(session.peer, entry);
}

// Without a word: the other side has never answered it.
void Pairings::give_up(Entry& entry) {
  entry.pairing.refuse(access::PairingRefusal::kBroken);
  entry.counted = true;
  entry.timer.cancel();
  entry.changed.cancel();
}

void Pairings::follow(const PeerId& peer, const EntryPtr& entry) {
  for (const access::PairingStep& step : entry->pairing.take_steps()) send(peer, step);
  if (entry->pairing.over() && !std::exchange(entry->counted, true)) {
    if (entry->pairing.state() == Pairing::State::kDone) {
      tries_.on_done(peer);
      parts_.paired(peer);
    } else {
      tries_.on_failed(peer, parts_.now());
    }
  }
  if (entry->pairing.over()) entry->timer.cancel();
  entry->changed.cancel();
  if (entry->pairing.state() != Pairing::State::kExchanging) parts_.changed(view(peer, *entry));
}

asio::awaitable<void> Pairings::keep_time(PeerId peer, EntryPtr entry) {
  while (!entry->pairing.over() && !stopping_) {
    entry->timer.expires_at(transport::to_steady(entry->pairing.deadline()));
    co_await entry->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopping_ || entry->pairing.over()) co_return;
    entry->pairing.on_time(parts_.now());
    if (entry->pairing.over()) follow(peer, entry);
  }
}

void Pairings::on_session_closed(const PeerId& peer) {
  const EntryPtr entry = find_open(peer);
  if (entry == nullptr || parts_.sessions.find_peer(peer) != nullptr) return;
  entry->pairing.refuse(access::PairingRefusal::kTimeout);
  follow(peer, entry);
}

void Pairings::stop() {
  stopping_ = true;
  for (const auto& [peer, entry] : entries_) {
    entry->timer.cancel();
    entry->changed.cancel();
  }
}

void Pairings::send(const PeerId& peer, const access::PairingStep& step) {
  if (const Session* session = parts_.sessions.find_peer(peer)) {
    parts_.sessions.send(session->id, {.id = {}, .payload_bytes = 0, .message = message_of(step)});
  }
}

void Pairings::forget_oldest_ended() {
  auto oldest = entries_.end();
  std::size_t ended = 0;
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    if (!at->second->pairing.over()) continue;
    ++ended;
    if (oldest == entries_.end() || at->second->number < oldest->second->number) oldest = at;
  }
  if (ended >= kPairingsEndedMax) entries_.erase(oldest);
}

PairingView Pairings::view(const PeerId& peer, const Entry& entry) const {
  PairingView view{.peer_id = peer,
                   .name = parts_.browser.name_of_peer(peer),
                   .state = state_of(entry.pairing.state()),
                   .incoming = entry.incoming,
                   .digits = entry.pairing.digits()};
  if (!entry.pairing.over()) {
    view.seconds_left = std::chrono::duration<double>(entry.pairing.deadline() - parts_.now()).count();
  }
  if (view.state == PairingState::kFailed) view.failure = failure_of(entry.pairing.end(), view.name);
  return view;
}

std::vector<PairingView> Pairings::views() const {
  std::vector<PairingView> views;
  for (const auto& [peer, entry] : entries_) {
    if (entry->pairing.state() != Pairing::State::kExchanging) views.push_back(view(peer, *entry));
  }
  return views;
}

}  // namespace essaim::node
