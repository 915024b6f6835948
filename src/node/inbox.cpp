#include "node/inbox.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include "node/failures.hpp"
#include "storage/disk_space.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
using storage::OfferRecord;
using storage::OfferStage;

std::uint64_t bytes_of(const OfferRecord& offer) {
  std::uint64_t bytes = 0;
  for (const storage::OfferItem& item : offer.items) bytes += std::min(item.size, UINT64_MAX - bytes);
  return bytes;
}

storage::OfferItem item_of(const wire::ListEntry& entry) {
  const bool tree = entry.kind == wire::EntryKind::kTree;
  return {.name = entry.path.text(),
          .kind = tree ? storage::ShareKind::kFolder : storage::ShareKind::kFile,
          .size = entry.size,
          .files = entry.files,
          .tree_bytes = entry.tree_bytes,
          .content_id = entry.id};
}

// Does it say all that it is? A size that may still grow is no size for a rule to accept.
bool is_complete(const OfferRecord& offer) {
  return std::ranges::all_of(offer.items, [](const storage::OfferItem& item) { return item.content_id.has_value(); });
}

wire::OfferAnswer answer_of(OfferStage state) {
  switch (state) {
    case OfferStage::kAccepted: return wire::OfferAnswer::kAccepted;
    case OfferStage::kDone: return wire::OfferAnswer::kDone;
    case OfferStage::kDeclined: return wire::OfferAnswer::kDeclined;
    case OfferStage::kWaiting: return wire::OfferAnswer::kReceived;
    case OfferStage::kWithdrawn:
    case OfferStage::kFailed: return wire::OfferAnswer::kFailed;
  }
  return wire::OfferAnswer::kFailed;
}

bool lasts_a_day_at_most(UnixNanos then, UnixNanos now) {
  return static_cast<std::int64_t>(now) - static_cast<std::int64_t>(then) <=
         std::chrono::nanoseconds(std::chrono::days(1)).count();
}

}  // namespace

access::OfferFacts Inbox::facts_about(const PeerId& maker, std::uint64_t bytes) const {
  access::OfferFacts facts{.bytes = bytes};
  for (const storage::OfferId id : parts_.book.ids(OfferBook::Direction::kIncoming)) {
    const OfferRecord* offer = parts_.book.find(id);
    const storage::OfferPeer& from = offer->peers.front();
    const bool waits = from.state == OfferStage::kWaiting;
    const bool taken = from.state == OfferStage::kAccepted || from.state == OfferStage::kDone;
    if (waits) ++facts.waiting;
    if (from.id != maker) continue;
    if (waits) ++facts.waiting_of_peer;
    if (taken && lasts_a_day_at_most(offer->created, parts_.now())) {
      facts.accepted_bytes += std::min(bytes_of(*offer), UINT64_MAX - facts.accepted_bytes);
    }
  }
  return facts;
}

void Inbox::on_offer(const Session& session, std::uint64_t id, const wire::Offer& message) {
  const auto reply = [&](wire::Message answer) {
    parts_.sessions.send(session.id, {.id = id, .payload_bytes = 0, .message = std::move(answer)});
  };
  const wire::Answer received{.offer = message.offer, .answer = wire::OfferAnswer::kReceived};
  std::vector<storage::OfferItem> items;
  for (const wire::ListEntry& entry : message.entries) items.push_back(item_of(entry));
  // Told once more: what was not hashed the first time is by now.
  if (OfferRecord* known = parts_.book.find_wire(message.offer, &session.peer)) {
    reply(received);
    if (known->peers.front().state != OfferStage::kWaiting) return;
    known->items = std::move(items);
    parts_.book.put(*known);
    return follow_rule(*known);
  }
  OfferRecord offer{.incoming = true, .wire_id = message.offer, .created = parts_.now(), .items = std::move(items)};
  offer.peers.push_back({.id = session.peer, .name = session.hello.name, .reached = true});
  const auto verdict = judge(offer);
  if (verdict == access::OfferVerdict::kRefuse || verdict == access::OfferVerdict::kBusy) {
    ++refused_;
    const bool busy = verdict == access::OfferVerdict::kBusy;
    return reply(wire::Error{.code = busy ? wire::ErrorCode::kBusy : wire::ErrorCode::kNotFound,
                             .message = busy ? "too many offers wait here already" : "offers are not taken here"});
  }
  const bool by_rule = verdict == access::OfferVerdict::kAccept && is_complete(offer);
  const OfferRecord* added =
      parts_.book.add(std::move(offer), by_rule ? OfferBook::Tell::kLater : OfferBook::Tell::kNow);
  if (added == nullptr) return reply(wire::Error{.code = wire::ErrorCode::kInternal});
  reply(received);
  if (!by_rule) return parts_.arrived(OfferBook::view(*added));
  asio::co_spawn(parts_.control, take_by_rule(added->id), asio::detached);
}

access::OfferVerdict Inbox::judge(const OfferRecord& offer) const {
  const PeerId& maker = offer.peers.front().id;
  return access::judge_offer(parts_.rules, parts_.viewer_of(maker), facts_about(maker, bytes_of(offer)));
}

void Inbox::follow_rule(const OfferRecord& offer) {
  if (!is_complete(offer) || judge(offer) != access::OfferVerdict::kAccept) return;
  asio::co_spawn(parts_.control, take_by_rule(offer.id), asio::detached);
}

asio::awaitable<void> Inbox::take_by_rule(storage::OfferId id) {
  auto taking = take(id, parts_.rule_folder);
  const auto taken = co_await std::move(taking);
  if (taken) co_return;
  parts_.log.warning("an offer that a rule accepts was not taken: {}", taken.error().message);
  const OfferRecord* offer = parts_.book.find(id);
  if (offer == nullptr || offer->peers.front().state != OfferStage::kWaiting) co_return;
  parts_.book.put(*offer);
  parts_.arrived(OfferBook::view(*offer));
}

void Inbox::on_withdrawn(const Session& session, const wire::Answer& answer) {
  OfferRecord* offer = parts_.book.find_wire(answer.offer, &session.peer);
  if (offer == nullptr || offer->peers.front().state != OfferStage::kWaiting) return;
  offer->peers.front().state = OfferStage::kWithdrawn;
  parts_.book.put(*offer);
}

Expected<OfferRecord*, Failure> Inbox::find_waiting(const std::string& id) {
  OfferRecord* offer = parts_.book.find(id);
  if (offer == nullptr || !offer->incoming) {
    return fail(Failure{FailureCode::kNotFound, "There is no offer " + id + ". `essaim inbox` lists them."});
  }
  const OfferStage state = offer->peers.front().state;
  if (state == OfferStage::kWaiting) return offer;
  return fail(
      Failure{FailureCode::kRefused, fmt::format("The offer {} is {} already.", id, to_string(node::state_of(state)))});
}

Answer<OfferView> Inbox::accept(AcceptRequest request) {
  const auto offer = find_waiting(request.offer);
  if (!offer) co_return fail(offer.error());
  if (request.dest && !storage::Directory::open(*request.dest)) {
    co_return fail_with(FailureCode::kNotFound, "There is no folder at " + *request.dest + ".");
  }
  auto taking = take((*offer)->id, std::move(request.dest));
  co_return co_await std::move(taking);
}

Outcome<void> Inbox::check_room(const std::string& folder, const OfferRecord& offer) const {
  const auto directory = storage::Directory::open(folder);
  if (!directory) return {};  // it is made when the first download begins, which looks again
  const auto space = storage::disk_space_of(*directory);
  if (!space || storage::has_room_for(*space, bytes_of(offer))) return {};
  return fail_with(FailureCode::kRefused,
                   fmt::format("There is no room for {} bytes in {}, where {} are free. Make room, or accept it into "
                               "another folder.",
                               bytes_of(offer), folder, space->free_bytes));
}

Answer<OfferView> Inbox::take(storage::OfferId id, std::optional<std::string> folder) {
  OfferRecord* offer = parts_.book.find(id);
  if (offer == nullptr || offer->peers.front().state != OfferStage::kWaiting) {
    co_return fail_with(FailureCode::kRefused, "The offer does not wait for an answer any more.");
  }
  if (auto room = check_room(folder.value_or(parts_.dest), *offer); !room) co_return fail(room.error());
  settle(*offer, OfferStage::kAccepted);
  std::optional<Failure> failure;
  for (std::size_t number = 0; number < offer->items.size(); ++number) {
    const OfferItemView item = OfferBook::view(*offer).items.at(number);
    const std::string path = offer->peers.front().id.text + "/" + item.name;
    auto getting = parts_.get({.target = item.link.value_or(path), .dest = folder});
    const auto transfer = co_await std::move(getting);
    offer = parts_.book.find(id);
    if (transfer) {
      offer->items[number].transfer_id = std::strtoll(transfer->id.c_str(), nullptr, 10);
      parts_.book.put(*offer);
      on_transfer(*transfer);
    } else {
      failure = transfer.error();
    }
  }
  if (failure) {
    settle(*offer, OfferStage::kFailed);
    co_return fail(std::move(*failure));
  }
  co_return OfferBook::view(*offer);
}

Outcome<OfferView> Inbox::decline(const std::string& id) {
  const auto offer = find_waiting(id);
  if (!offer) return fail(offer.error());
  settle(**offer, OfferStage::kDeclined);
  return OfferBook::view(**offer);
}

void Inbox::on_transfer(const TransferView& transfer) {
  const std::int64_t number = std::strtoll(transfer.id.c_str(), nullptr, 10);
  for (const storage::OfferId id : parts_.book.ids(OfferBook::Direction::kIncoming)) {
    OfferRecord* offer = parts_.book.find(id);
    if (offer->peers.front().state != OfferStage::kAccepted) continue;
    const auto item = std::ranges::find(offer->items, number, &storage::OfferItem::transfer_id);
    if (item == offer->items.end() || item->arrived) continue;
    // A folder says only in itself how large it is.
    if (item->content_id && transfer.bytes_total > item->size && transfer.state != TransferState::kCancelled) {
      parts_.log.warning("{} offered {} bytes, which are {} now: cancelled.", offer->peers.front().name, item->size,
                         transfer.bytes_total);
      return parts_.cancel(transfer.id);
    }
    if (transfer.state == TransferState::kCancelled) return settle(*offer, OfferStage::kFailed);
    if (transfer.state != TransferState::kDone) return;
    item->arrived = true;
    if (std::ranges::all_of(offer->items, &storage::OfferItem::arrived)) return settle(*offer, OfferStage::kDone);
    return parts_.book.put(*offer);
  }
}

void Inbox::settle(OfferRecord& offer, OfferStage state) {
  offer.peers.front().state = state;
  tell(offer);
  parts_.book.put(offer);
}

void Inbox::tell(OfferRecord& offer) {
  storage::OfferPeer& maker = offer.peers.front();
  const Session* session = parts_.sessions.find_peer(maker.id);
  maker.reached = session != nullptr;
  if (session == nullptr) return;
  const wire::Answer answer{.offer = offer.wire_id, .answer = answer_of(maker.state)};
  parts_.sessions.send(session->id, {.id = {}, .payload_bytes = 0, .message = answer});
}

void Inbox::on_session_opened(const PeerId& maker) {
  for (const storage::OfferId id : parts_.book.ids(OfferBook::Direction::kIncoming)) {
    OfferRecord* offer = parts_.book.find(id);
    const storage::OfferPeer& from = offer->peers.front();
    if (from.id != maker || from.reached || from.state == OfferStage::kWithdrawn) continue;
    tell(*offer);
    parts_.book.put(*offer);
  }
}

}  // namespace essaim::node
