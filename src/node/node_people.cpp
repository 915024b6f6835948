// The part of Node that deals with people: whom its person trusts, and pairing.
#include <algorithm>
#include <utility>

#include "access/peer_id.hpp"
#include "node/failures.hpp"
#include "node/node.hpp"
#include "transport/desktop_notice.hpp"

namespace essaim::node {
namespace {

Failure is_plain(const std::string& name) {
  return {FailureCode::kUsage,
          "\"" + name +
              "\" speaks only the classic, unencrypted level of the protocol, so nothing proves who "
              "it is: it can be neither trusted nor blocked."};
}

}  // namespace

Outcome<Node::Named> Node::known(const std::string& text) const {
  const auto records = acquaintances_.find(text);
  if (records.size() == 1) return Named{.id = records.front().id, .name = records.front().name};
  if (records.size() > 1) {
    return fail_with(FailureCode::kAmbiguous,
                     "Several peers are known as \"" + text + "\". Use the id of the one you mean.");
  }
  if (access::is_key_peer_id(text)) return Named{.id = PeerId{text}, .name = {}};
  return fail_with(FailureCode::kNotFound,
                   "No peer called \"" + text + "\" is near or known. `essaim peers` lists who is near.");
}

// Who is meant by a name has to prove its key first: before, the name is anybody's.
Answer<Node::Named> Node::named(std::string text) {
  if (text.starts_with(kPeerScheme)) text.erase(0, kPeerScheme.size());
  // Somebody known may be meant although it is not near; anybody else may appear in a moment.
  const bool is_known = access::is_key_peer_id(text) || !acquaintances_.find(text).empty();
  auto finding = browser_.find_peer(text, is_known ? std::chrono::milliseconds(0) : kPeerWaitMax);
  const auto near = co_await std::move(finding);
  if (!near && near.error().code != FailureCode::kNotFound) co_return fail(near.error());
  if (!near) co_return known(text);
  if (near->level == wire::Level::kClassic) co_return fail(is_plain(name_of(*near)));
  if (near->peer_id.text == text) co_return Named{.id = near->peer_id, .name = near->name};
  auto connecting = browser_.session_with(near->peer_id);
  const auto session = co_await std::move(connecting);
  const Session* open = session ? sessions_.find(*session) : nullptr;
  if (open == nullptr) {
    co_return fail_with(FailureCode::kFailed,
                        name_of(*near) + " cannot be reached now, so its key is not proven. Use its id to mean it.");
  }
  co_return Named{.id = near->peer_id, .name = open->hello.name};
}

Answer<PeerView> Node::set_trust(std::string peer, access::Trust trust) {
  auto naming = named(std::move(peer));
  const auto meant = co_await std::move(naming);
  if (!meant) co_return fail(meant.error());
  if (auto set = acquaintances_.set_trust(meant->id, meant->name, trust); !set) co_return fail(set.error());
  if (trust != access::Trust::kTrusted) end_sessions_with(meant->id);
  const PeerView view = view_of(meant->id);
  events_.publish(PeerChanged{view});
  co_return view;
}

Answer<PeerView> Node::forget(std::string peer) {
  auto meant = known(peer);
  if (!meant) {
    auto naming = named(std::move(peer));
    meant = co_await std::move(naming);
  }
  if (!meant) co_return fail(meant.error());
  if (auto forgotten = acquaintances_.forget(meant->id); !forgotten) co_return fail(forgotten.error());
  end_sessions_with(meant->id);
  PeerView view = view_of(meant->id);
  if (view.name.empty()) view.name = meant->name;
  events_.publish(PeerChanged{view});
  co_return view;
}

// What they were told to follow while they were trusted ends with them.
void Node::end_sessions_with(const PeerId& peer) {
  for (const SessionId id : sessions_.ids()) {
    const Session* session = sessions_.find(id);
    if (session != nullptr && session->peer == peer) session->link->finish();
  }
}

Answer<PairingView> Node::pair(std::string peer) {
  auto finding = browser_.find_peer(std::move(peer), kPeerWaitMax);
  auto near = co_await std::move(finding);
  if (!near) co_return fail(near.error());
  if (near->level == wire::Level::kClassic) co_return fail(is_plain(name_of(*near)));
  auto pairing = pairings_.pair(std::move(*near));
  co_return co_await std::move(pairing);
}

Answer<PairingView> Node::confirm_pairing(std::string peer) {
  auto naming = named(std::move(peer));
  const auto meant = co_await std::move(naming);
  if (!meant) co_return fail(meant.error());
  co_return pairings_.confirm(meant->id);
}

Answer<PairingView> Node::reject_pairing(std::string peer) {
  auto naming = named(std::move(peer));
  const auto meant = co_await std::move(naming);
  if (!meant) co_return fail(meant.error());
  co_return pairings_.reject(meant->id);
}

void Node::on_pairing(const PairingView& pairing) {
  events_.publish(PairingChanged{pairing});
  if (!ground_->config.notices || !pairing.incoming || pairing.state != PairingState::kComparing) return;
  transport::show_on_desktop({.title = pairing.name + " wants to pair", .text = "Compare digits: " + pairing.digits});
}

void Node::show(const OfferView& offer) const {
  if (!ground_->config.notices) return;
  std::string names;
  for (const OfferItemView& item : offer.items) names += (names.empty() ? "" : ", ") + item.name;
  transport::show_on_desktop({.title = offer.peer + " offers you something", .text = names});
}

void Node::on_paired(const PeerId& peer) {
  const Session* session = sessions_.find_peer(peer);
  const std::string name = session == nullptr ? "" : session->hello.name;
  if (auto set = acquaintances_.set_trust(peer, name, access::Trust::kTrusted); !set) {
    log_.warning("{}", set.error().message);
  }
  events_.publish(PeerChanged{view_of(peer)});
}

// Names among an audience's peers become ids.
Answer<std::string> Node::audience_of(std::string text) {
  if (access::parse_audience(text)) co_return text;
  std::string ids;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    auto naming = named(text.substr(at, comma - at));
    const auto meant = co_await std::move(naming);
    if (!meant) co_return fail(meant.error());
    ids += (ids.empty() ? "" : ",") + meant->id.text;
    at = comma + 1;
  }
  co_return ids;
}

Answer<ShareView> Node::share(ShareRequest request) {
  if (ground_->sandbox && !ground_->sandbox->may_read(request.path)) co_return fail(outside_sandbox(request.path));
  if (request.audience) {
    auto resolving = audience_of(std::move(*request.audience));
    auto audience = co_await std::move(resolving);
    if (!audience) co_return fail(audience.error());
    request.audience = std::move(*audience);
  }
  co_return library_.share(request);
}

Answer<OfferView> Node::send(SendRequest request) {
  for (const std::string& path : request.paths) {
    if (ground_->sandbox && !ground_->sandbox->may_read(path)) co_return fail(outside_sandbox(path));
  }
  std::vector<OffersOut::Recipient> recipients;
  for (std::string& peer : request.peers) {
    auto naming = named(std::move(peer));
    auto meant = co_await std::move(naming);
    if (!meant) co_return fail(meant.error());
    recipients.push_back(
        {.id = meant->id, .name = browser_.name_of_peer(meant->id), .trust = acquaintances_.trust_of(meant->id)});
  }
  co_return offers_out_.send(request.paths, recipients);
}

Answer<OfferView> Node::accept(AcceptRequest request) {
  if (ground_->sandbox && request.dest && !ground_->sandbox->may_write(*request.dest)) {
    co_return fail(outside_sandbox(*request.dest));
  }
  auto accepting = inbox_.accept(std::move(request));
  co_return co_await std::move(accepting);
}

Answer<OfferView> Node::decline(std::string offer_id) { co_return inbox_.decline(offer_id); }
Answer<OfferView> Node::withdraw(std::string offer_id) { co_return offers_out_.withdraw(offer_id); }

// An answer without a question: about an offer of ours, or from who made one to us and takes it back.
void Node::on_answer(const Session& session, const wire::Answer& answer) {
  if (answer.answer == wire::OfferAnswer::kWithdrawn) return inbox_.on_withdrawn(session, answer);
  offers_out_.on_answer(session, answer);
}

}  // namespace essaim::node
