#include "node/offer_book.hpp"

#include <algorithm>
#include <utility>

#include "content/link.hpp"
#include "node/failures.hpp"

namespace essaim::node {
namespace {

using storage::OfferRecord;

std::string text_of(storage::OfferId id) { return std::to_string(static_cast<std::int64_t>(id)); }

OfferItemView view_of(const storage::OfferItem& item) {
  const bool tree = item.kind == storage::ShareKind::kFolder;
  OfferItemView view{
      .name = item.name, .kind = tree ? EntryKind::kTree : EntryKind::kFile, .size = item.size, .files = item.files};
  if (item.content_id) {
    content::Link link{.id = *item.content_id, .name = item.name, .size = item.size};
    if (tree) {
      link.kind = content::ContentKind::kTree;
      link.tree_bytes = item.tree_bytes;
    }
    view.link = content::format_link(link);
  }
  if (item.transfer_id != 0) view.transfer = std::to_string(item.transfer_id);
  return view;
}

}  // namespace

OfferState state_of(storage::OfferStage state) {
  switch (state) {
    case storage::OfferStage::kWaiting: return OfferState::kWaiting;
    case storage::OfferStage::kAccepted: return OfferState::kAccepted;
    case storage::OfferStage::kDone: return OfferState::kDone;
    case storage::OfferStage::kDeclined: return OfferState::kDeclined;
    case storage::OfferStage::kWithdrawn: return OfferState::kWithdrawn;
    case storage::OfferStage::kFailed: return OfferState::kFailed;
  }
  return OfferState::kFailed;
}

bool is_final(storage::OfferStage state) {
  return state != storage::OfferStage::kWaiting && state != storage::OfferStage::kAccepted;
}

storage::OfferStage state_of(const OfferRecord& offer) {
  using enum storage::OfferStage;
  for (const auto state : {kWaiting, kAccepted, kDone, kFailed, kWithdrawn}) {
    if (std::ranges::find(offer.peers, state, &storage::OfferPeer::state) != offer.peers.end()) return state;
  }
  return kDeclined;
}

Outcome<void> OfferBook::start() {
  auto all = table_.all();
  if (!all) return fail(failure_of(all.error()));
  for (OfferRecord& offer : *all) offers_.emplace(offer.id, std::move(offer));
  return {};
}

OfferRecord* OfferBook::add(OfferRecord offer, Tell tell) {
  make_room();
  const auto id = table_.add(offer);
  if (!id) {
    log_.warning("{}", describe(id.error()));
    return nullptr;
  }
  offer.id = *id;
  OfferRecord& added = offers_.emplace(*id, std::move(offer)).first->second;
  if (tell == Tell::kNow) changed_(view(added));
  return &added;
}

void OfferBook::put(const OfferRecord& offer) {
  if (auto kept = table_.update(offer); !kept) log_.warning("{}", describe(kept.error()));
  changed_(view(offer));
}

OfferRecord* OfferBook::find(storage::OfferId id) {
  const auto found = offers_.find(id);
  return found == offers_.end() ? nullptr : &found->second;
}

OfferRecord* OfferBook::find(const std::string& id) {
  const auto found = std::ranges::find_if(offers_, [&](const auto& entry) { return text_of(entry.first) == id; });
  return found == offers_.end() ? nullptr : &found->second;
}

OfferRecord* OfferBook::find_wire(const std::string& wire_id, const PeerId* maker) {
  const auto found = std::ranges::find_if(offers_, [&](const auto& entry) {
    const OfferRecord& offer = entry.second;
    if (offer.wire_id != wire_id || offer.incoming != (maker != nullptr)) return false;
    return maker == nullptr || offer.peers.front().id == *maker;
  });
  return found == offers_.end() ? nullptr : &found->second;
}

std::vector<storage::OfferId> OfferBook::ids(Direction direction) const {
  std::vector<storage::OfferId> ids;
  for (const auto& [id, offer] : offers_) {
    if (offer.incoming == (direction == Direction::kIncoming)) ids.push_back(id);
  }
  return ids;
}

std::vector<OfferView> OfferBook::views() const {
  std::vector<OfferView> views;
  for (const auto& [id, offer] : offers_) views.push_back(view(offer));
  return views;
}

OfferView OfferBook::view(const OfferRecord& offer) {
  OfferView view{.id = text_of(offer.id),
                 .incoming = offer.incoming,
                 .state = state_of(state_of(offer)),
                 .created = offer.created};
  for (const storage::OfferItem& item : offer.items) {
    view.items.push_back(view_of(item));
    view.size += item.size;
    view.files += item.kind == storage::ShareKind::kFolder ? item.files : 1;
  }
  for (const storage::OfferPeer& peer : offer.peers) {
    if (offer.incoming) {
      view.peer_id = peer.id;
      view.peer = peer.name;
    } else {
      view.recipients.push_back(
          {.peer_id = peer.id, .name = peer.name, .state = state_of(peer.state), .reached = peer.reached});
    }
  }
  return view;
}

void OfferBook::make_room() {
  if (offers_.size() < kOffersKeptMax) return;
  const auto oldest = std::ranges::find_if(offers_, [](const auto& entry) { return is_final(state_of(entry.second)); });
  if (oldest == offers_.end()) return;
  if (auto removed = table_.remove(oldest->first); !removed) log_.warning("{}", describe(removed.error()));
  offers_.erase(oldest);
}

}  // namespace essaim::node
