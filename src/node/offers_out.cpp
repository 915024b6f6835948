#include "node/offers_out.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "content/link.hpp"
#include "node/failures.hpp"
#include "node/random_bytes.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
using storage::OfferRecord;

// Random, so that what a peer remembers of an offer of an earlier catalogue of ours is never taken for this one.
std::string new_wire_id() {
  Bytes bytes(10);
  fill_randomly(bytes);
  return to_base32(bytes);
}

storage::OfferItem item_of(const ShareView& share) {
  const bool folder = share.kind == EntryKind::kTree;
  storage::OfferItem item{.name = share.name,
                          .kind = folder ? storage::ShareKind::kFolder : storage::ShareKind::kFile,
                          .size = share.size,
                          .files = folder ? share.files : 0,
                          .content_id = share.id};
  if (const auto link = content::parse_link(share.link.value_or(""))) item.tree_bytes = link->tree_bytes.value_or(0);
  return item;
}

std::optional<wire::ListEntry> entry_of(const storage::OfferItem& item) {
  auto path = SafePath::parse(item.name);
  if (!path) return std::nullopt;
  const bool folder = item.kind == storage::ShareKind::kFolder;
  return wire::ListEntry{.path = std::move(*path),
                         .kind = folder ? wire::EntryKind::kTree : wire::EntryKind::kFile,
                         .size = item.size,
                         .id = item.content_id,
                         .files = item.files,
                         .tree_bytes = item.tree_bytes};
}

storage::OfferStage state_of(wire::OfferAnswer answer) {
  switch (answer) {
    case wire::OfferAnswer::kReceived: return storage::OfferStage::kWaiting;
    case wire::OfferAnswer::kAccepted: return storage::OfferStage::kAccepted;
    case wire::OfferAnswer::kDeclined: return storage::OfferStage::kDeclined;
    case wire::OfferAnswer::kDone: return storage::OfferStage::kDone;
    case wire::OfferAnswer::kFailed:
    case wire::OfferAnswer::kWithdrawn: return storage::OfferStage::kFailed;
  }
  return storage::OfferStage::kFailed;
}

}  // namespace

Outcome<OfferView> OffersOut::send(const std::vector<std::string>& paths, const std::vector<Recipient>& to) {
  if (paths.size() > wire::kOfferEntriesMax) {
    return fail_with(FailureCode::kUsage, fmt::format("An offer holds at most {} files and folders. Send a folder "
                                                      "instead, or send in several parts.",
                                                      wire::kOfferEntriesMax));
  }
  OfferRecord offer{.wire_id = new_wire_id(), .created = parts_.now()};
  for (const Recipient& recipient : to) {
    const bool named_twice = std::ranges::find(offer.peers, recipient.id, &storage::OfferPeer::id) != offer.peers.end();
    if (!named_twice) offer.peers.push_back({.id = recipient.id, .name = recipient.name});
  }
  for (const std::string& path : paths) {
    auto item = offer_share(path, to);
    if (!item) {
      end_shares(offer);
      return fail(item.error());
    }
    offer.items.push_back(std::move(*item));
  }
  const OfferRecord* added = parts_.book.add(offer);
  if (added == nullptr) {
    end_shares(offer);
    return fail_with(FailureCode::kFailed, "The offer could not be written down; `essaim doctor` may tell why.");
  }
  for (const storage::OfferPeer& peer : added->peers) deliver(added->id, peer.id);
  return OfferBook::view(*added);
}

Outcome<storage::OfferItem> OffersOut::offer_share(const std::string& path, const std::vector<Recipient>& to) {
  const auto views = parts_.shared.views();
  const auto there = std::ranges::find(views, path, &ShareView::path);
  if (there != views.end()) {
    const auto opened = open_to(*there, to);
    if (!opened) return fail(opened.error());
    return item_of(*opened);
  }
  access::Audience audience{.kind = access::Audience::Kind::kPeers};
  for (const Recipient& recipient : to) audience.peers.push_back(recipient.id);
  const auto shared = parts_.shared.share({.path = path, .audience = access::format_audience(audience)});
  if (!shared) return fail(shared.error());
  storage::OfferItem item = item_of(*shared);
  item.shared_for_it = true;
  return item;
}

// What is shared already has to be open to those it is offered to.
Outcome<ShareView> OffersOut::open_to(const ShareView& share, const std::vector<Recipient>& to) {
  const auto audience = access::parse_audience(share.audience).value_or(access::Audience{});
  const bool open = std::ranges::all_of(to, [&](const Recipient& recipient) {
    return access::may_see(audience, {.proven = recipient.id, .trust = recipient.trust});
  });
  if (open) return share;
  if (audience.kind != access::Audience::Kind::kPeers) {
    return fail_with(FailureCode::kRefused,
                     fmt::format("{} is shared already, but not with all of those: its audience is \"{}\". Change that "
                                 "first: essaim share --audience everyone {}",
                                 share.name, share.audience, share.path));
  }
  access::Audience wider = audience;
  for (const Recipient& recipient : to) wider.peers.push_back(recipient.id);
  return parts_.shared.share({.path = share.path, .audience = access::format_audience(wider)});
}

void OffersOut::on_peer_near(const PeerId& peer) {
  for (const storage::OfferId id : parts_.book.ids(OfferBook::Direction::kOutgoing)) deliver(id, peer);
}

void OffersOut::deliver(storage::OfferId offer, const PeerId& peer) {
  if (!delivering_.emplace(offer, peer).second) return;
  asio::co_spawn(parts_.control, deliver_to(offer, peer), asio::detached);
}

asio::awaitable<void> OffersOut::deliver_to(storage::OfferId id, PeerId peer) {
  const auto waits = [&]() -> OfferRecord* {
    OfferRecord* offer = parts_.book.find(id);
    if (offer == nullptr) return nullptr;
    const auto to = std::ranges::find(offer->peers, peer, &storage::OfferPeer::id);
    const bool waiting = to != offer->peers.end() && to->state == storage::OfferStage::kWaiting && !to->reached;
    return waiting ? offer : nullptr;
  };
  if (waits() != nullptr) {
    auto hashing = wait_until_hashed(id);
    co_await std::move(hashing);
    auto connecting = parts_.browser.session_with(peer);
    const auto session = co_await std::move(connecting);
    if (OfferRecord* offer = session ? waits() : nullptr) {
      static_cast<void>(refresh(*offer));
      wire::Offer message{.offer = offer->wire_id, .entries = {}};
      for (const storage::OfferItem& item : offer->items) {
        if (auto entry = entry_of(item)) message.entries.push_back(std::move(*entry));
      }
      auto asking = parts_.sessions.ask(*session, std::move(message), kAnswerTimeMax);
      const auto reply = co_await std::move(asking);
      OfferRecord* still = reply ? waits() : nullptr;
      if (still != nullptr) {
        std::ranges::find(still->peers, peer, &storage::OfferPeer::id)->reached = true;
        parts_.book.put(*still);
      }
    }
  }
  delivering_.erase({id, peer});
}

asio::awaitable<void> OffersOut::wait_until_hashed(storage::OfferId id) {
  const auto give_up = std::chrono::steady_clock::now() + kOfferHashedWaitMax;
  asio::steady_timer timer(parts_.control);
  while (std::chrono::steady_clock::now() < give_up) {
    OfferRecord* offer = parts_.book.find(id);
    if (offer == nullptr) co_return;
    if (!refresh(*offer)) parts_.book.put(*offer);
    if (std::ranges::all_of(offer->items, [](const auto& item) { return item.content_id.has_value(); })) co_return;
    timer.expires_after(kLookAgainInterval);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

bool OffersOut::refresh(OfferRecord& offer) const {
  const auto views = parts_.shared.views();
  const auto before = offer.items;
  for (storage::OfferItem& item : offer.items) {
    const auto share = std::ranges::find(views, item.name, &ShareView::name);
    if (share == views.end()) continue;
    const bool made = item.shared_for_it;
    item = item_of(*share);
    item.shared_for_it = made;
  }
  return offer.items == before;
}

void OffersOut::on_share(const ShareView& share) {
  if (!share.id) return;
  for (const storage::OfferId id : parts_.book.ids(OfferBook::Direction::kOutgoing)) {
    OfferRecord* offer = parts_.book.find(id);
    const bool offers_it = std::ranges::find(offer->items, share.name, &storage::OfferItem::name) != offer->items.end();
    if (is_final(state_of(*offer)) || !offers_it || refresh(*offer)) continue;
    for (storage::OfferPeer& peer : offer->peers) {
      if (peer.state != storage::OfferStage::kWaiting) continue;
      peer.reached = false;
      deliver(id, peer.id);
    }
    parts_.book.put(*offer);
  }
}

void OffersOut::on_answer(const Session& session, const wire::Answer& answer) {
  OfferRecord* offer = parts_.book.find_wire(answer.offer, nullptr);
  if (offer == nullptr) return;
  const auto from = std::ranges::find(offer->peers, session.peer, &storage::OfferPeer::id);
  if (from == offer->peers.end() || is_final(from->state)) return;
  from->state = state_of(answer.answer);
  from->reached = true;
  if (is_final(state_of(*offer))) end_shares(*offer);
  parts_.book.put(*offer);
}

void OffersOut::on_share_gone(const std::string& name) {
  for (const storage::OfferId id : parts_.book.ids(OfferBook::Direction::kOutgoing)) {
    OfferRecord* offer = parts_.book.find(id);
    const bool offers_it = std::ranges::find(offer->items, name, &storage::OfferItem::name) != offer->items.end();
    if (offers_it && !is_final(state_of(*offer))) withdraw(*offer);
  }
}

Outcome<OfferView> OffersOut::withdraw(const std::string& id) {
  OfferRecord* offer = parts_.book.find(id);
  if (offer == nullptr || offer->incoming) {
    return fail_with(FailureCode::kNotFound, "There is no offer of yours with the id " + id + ".");
  }
  withdraw(*offer);
  return OfferBook::view(*offer);
}

void OffersOut::withdraw(OfferRecord& offer) {
  for (storage::OfferPeer& peer : offer.peers) {
    if (is_final(peer.state)) continue;
    peer.state = storage::OfferStage::kWithdrawn;
    if (const Session* session = parts_.sessions.find_peer(peer.id)) {
      const wire::Answer answer{.offer = offer.wire_id, .answer = wire::OfferAnswer::kWithdrawn};
      parts_.sessions.send(session->id, {.id = {}, .payload_bytes = 0, .message = answer});
    }
  }
  end_shares(offer);
  parts_.book.put(offer);
}

void OffersOut::end_shares(OfferRecord& offer) {
  for (storage::OfferItem& item : offer.items) {
    if (!std::exchange(item.shared_for_it, false) || offered_elsewhere(offer, item.name)) continue;
    static_cast<void>(parts_.shared.unshare(item.name));  // it may have been taken back by hand
  }
}

// Then that offer ends the share.
bool OffersOut::offered_elsewhere(const OfferRecord& offer, const std::string& share) {
  for (const storage::OfferId id : parts_.book.ids(OfferBook::Direction::kOutgoing)) {
    OfferRecord* other = parts_.book.find(id);
    if (other == &offer || other->id == offer.id || is_final(state_of(*other))) continue;
    for (storage::OfferItem& item : other->items) {
      if (item.name != share) continue;
      item.shared_for_it = true;
      parts_.book.put(*other);
      return true;
    }
  }
  return false;
}

}  // namespace essaim::node
