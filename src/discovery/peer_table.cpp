#include "discovery/peer_table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "access/peer_id.hpp"
#include "base/assert.hpp"
#include "base/defence.hpp"
#include "discovery/limits.hpp"

namespace essaim::discovery {
namespace {

template <class Value>
bool replace(Value& old_value, const Value& new_value) {
  if (old_value == new_value) return false;
  old_value = new_value;
  return true;
}

}  // namespace

PeerTable::PeerTable(PeerId self, std::uint64_t seed) : self_(std::move(self)), random_(seed) {}

PeerEvents PeerTable::on_announcement(const Announcement& announcement, const DatagramSource& source, Instant now) {
  PeerEvents events;
  if (announcement.peer_id == self_) return events;
  if (announcement.kind == AnnouncementKind::kGoodbye) return on_goodbye(announcement.peer_id, source, now);

  const IpAddress& address = source.endpoint.address;
  Row* const row = find_or_make(announcement.peer_id, {.introduced_by = address}, events);
  if (row == nullptr) return events;
  NearPeer& peer = row->peer;
  const bool new_address = announcement.port != 0 && peer.addresses.note({address, announcement.port}, now, random_);
  const bool verified = peer.proof == Proof::kSession;
  if (defended(Defence::kProvenAddress) && verified && !peer.addresses.proven_at(address)) {
    if (new_address || !peer.online) events.push_back({PeerEvent::Kind::kProbe, peer.peer_id});
    return events;
  }

  const bool changed = take_claims(*row, announcement);
  peer.heard = Heard{source, now};
  row->leaving = false;
  if (!peer.online) {
    set_online(*row, events);
  } else if (changed || (new_address && !verified)) {
    events.push_back({PeerEvent::Kind::kChanged, peer.peer_id});
  }
  row->until = lifetime_from(now);
  if (new_address && verified) events.push_back({PeerEvent::Kind::kProbe, peer.peer_id});
  return events;
}

// A verified peer's name and level are known from its own mouth.
bool PeerTable::take_claims(Row& row, const Announcement& announcement) {
  NearPeer& peer = row.peer;
  bool changed = replace(peer.rev, announcement.rev);
  if (defended(Defence::kProvenClaims) && peer.proof == Proof::kSession) return changed;
  if (!announcement.name.empty()) changed |= replace(peer.name, announcement.name);
  return replace(peer.level, std::max(peer.level, announcement.level)) || changed;
}

PeerEvents PeerTable::on_goodbye(const PeerId& peer_id, const DatagramSource& source, Instant now) {
  PeerEvents events;
  const auto at = rows_.find(peer_id);
  if (at == rows_.end()) return events;
  const NearPeer& peer = at->second.peer;
  const IpAddress& address = source.endpoint.address;
  const bool theirs =
      peer.proof == Proof::kSession ? peer.addresses.proven_at(address) : peer.addresses.any_at(address);
  if (defended(Defence::kGoodbyeFromElsewhere) && !theirs) return events;
  if (peer.has_session()) {
    at->second.leaving = true;
    events.push_back({PeerEvent::Kind::kProbe, peer_id});
  } else if (peer.online) {
    set_offline(at, now, events);
  }
  return events;
}

PeerEvents PeerTable::on_session_opened(const PeerId& peer_id, const Endpoint& listening, const SessionFacts& facts,
                                        Instant now) {
  PeerEvents events;
  if (peer_id == self_) return events;
  const Proof proof = facts.level == wire::Level::kPeer ? Proof::kSession : Proof::kNone;
  Row* const row = find_or_make(peer_id, {.introduced_by = listening.address, .proof = proof}, events);
  if (row == nullptr) return events;
  NearPeer& peer = row->peer;
  bool changed = false;
  if (proof == Proof::kSession) {
    ++peer.sessions;
    changed |= replace(peer.proof, proof);
    changed |= replace(peer.level, facts.level);
    changed |= replace(peer.name, facts.name);
    changed |= replace(peer.rev, facts.rev);
    if (listening.port != 0) changed |= peer.addresses.prove(listening, now, random_);
  } else {
    ++peer.classic_sessions;
    if (listening.port != 0) changed |= peer.addresses.note(listening, now, random_);
    if (peer.proof == Proof::kSession) return events;
  }
  row->leaving = false;
  if (!peer.online) {
    set_online(*row, events);
  } else if (changed) {
    events.push_back({PeerEvent::Kind::kChanged, peer_id});
  }
  row->until = lifetime_from(now);
  return events;
}

PeerEvents PeerTable::on_session_closed(const PeerId& peer_id, wire::Level level, Instant now) {
  PeerEvents events;
  const auto at = rows_.find(peer_id);
  if (at == rows_.end()) return events;
  Row& row = at->second;
  std::size_t& sessions = level == wire::Level::kPeer ? row.peer.sessions : row.peer.classic_sessions;
  // Zero for one that was opened while there was no room to take note of it.
  if (sessions == 0) return events;
  const bool lived = row.peer.has_session();
  --sessions;
  if (!lived || row.peer.has_session()) return events;
  row.until = lifetime_from(now);
  if (row.leaving) set_offline(at, now, events);
  return events;
}

void PeerTable::on_session_goodbye(const PeerId& peer_id) {
  const auto at = rows_.find(peer_id);
  if (at != rows_.end() && at->second.peer.has_session()) at->second.leaving = true;
}

PeerEvents PeerTable::on_rev(const PeerId& peer_id, std::uint64_t rev) {
  PeerEvents events;
  const auto at = rows_.find(peer_id);
  if (at != rows_.end() && replace(at->second.peer.rev, rev)) events.push_back({PeerEvent::Kind::kChanged, peer_id});
  return events;
}

PeerEvents PeerTable::note_address(const PeerId& peer_id, const Endpoint& listening, Instant now) {
  PeerEvents events;
  if (peer_id == self_ || listening.port == 0) return events;
  const bool known = rows_.contains(peer_id);
  Row* const row = find_or_make(peer_id, {.introduced_by = listening.address}, events);
  if (row == nullptr) return events;
  row->peer.addresses.note(listening, now, random_);
  if (known) return events;
  row->until = now + kPeerLifetime;
  // Only peers of level 1 are named by others, and by hand a key's id means its key.
  if (access::is_key_peer_id(peer_id.text)) row->peer.level = wire::Level::kPeer;
  return events;
}

PeerEvents PeerTable::on_time(Instant now) {
  PeerEvents events;
  for (auto at = rows_.begin(); at != rows_.end();) {
    Row& row = at->second;
    row.peer.addresses.forget_unproven_before(now - kCrowdedPeerLifetime);
    if (row.peer.has_session() || row.until > now) {
      ++at;
    } else if (row.peer.online) {
      at = set_offline(at, now, events);
    } else {
      at = rows_.erase(at);
    }
  }
  return events;
}

std::optional<Instant> PeerTable::next_deadline() const {
  std::optional<Instant> deadline;
  for (const auto& [id, row] : rows_) {
    if (!row.peer.has_session() && (!deadline || row.until < *deadline)) deadline = row.until;
  }
  return deadline;
}

const NearPeer* PeerTable::find(const PeerId& peer_id) const {
  const auto at = rows_.find(peer_id);
  return at == rows_.end() ? nullptr : &at->second.peer;
}

std::vector<NearPeer> PeerTable::all() const {
  std::vector<NearPeer> peers;
  peers.reserve(rows_.size());
  for (const auto& [id, row] : rows_) peers.push_back(row.peer);
  return peers;
}

std::vector<Endpoint> PeerTable::addresses_to_dial(const PeerId& peer_id) const {
  std::vector<Endpoint> endpoints;
  const NearPeer* const peer = find(peer_id);
  if (peer == nullptr) return endpoints;
  for (const PeerAddress& address : peer->addresses.list()) endpoints.push_back(address.endpoint);
  return endpoints;
}

PeerTable::Row* PeerTable::find_or_make(const PeerId& peer_id, const Newcomer& newcomer, PeerEvents& events) {
  const auto at = rows_.find(peer_id);
  if (at != rows_.end()) return &at->second;
  if (!make_room(newcomer, events)) return nullptr;
  Row row;
  row.peer.peer_id = peer_id;
  row.introduced_by = newcomer.introduced_by;
  return &rows_.emplace(peer_id, std::move(row)).first->second;
}

bool PeerTable::make_room(const Newcomer& newcomer, PeerEvents& events) {
  if (newcomer.proof == Proof::kNone) {
    const IpAddress* const address = &newcomer.introduced_by;
    const bool address_full =
        defended(Defence::kPeersPerAddress) && count_unverified(address) >= kUnverifiedPeersPerAddressMax;
    if (address_full && !evict_random_unverified(address, events)) return false;
    const bool all_full = defended(Defence::kPeersUnverified) && count_unverified(nullptr) >= kUnverifiedPeersMax;
    if (all_full && !evict_random_unverified(nullptr, events)) return false;
  }
  return rows_.size() < kPeersMax || evict_random_unverified(nullptr, events) || evict_stalest_verified();
}

std::size_t PeerTable::count_unverified(const IpAddress* address) const {
  return static_cast<std::size_t>(std::ranges::count_if(rows_, [&](const auto& entry) {
    const Row& row = entry.second;
    return row.peer.proof == Proof::kNone && (address == nullptr || row.introduced_by == *address);
  }));
}

bool PeerTable::evict_random_unverified(const IpAddress* address, PeerEvents& events) {
  std::vector<Rows::iterator> evictable;
  for (auto at = rows_.begin(); at != rows_.end(); ++at) {
    const Row& row = at->second;
    const bool counts = row.peer.proof == Proof::kNone && !row.peer.has_session();
    if (counts && (address == nullptr || row.introduced_by == *address)) evictable.push_back(at);
  }
  if (evictable.empty()) return false;
  const auto at = evictable[random_() % evictable.size()];
  if (at->second.peer.online) {
    --online_;
    events.push_back({PeerEvent::Kind::kGone, at->first});
  }
  rows_.erase(at);
  return true;
}

bool PeerTable::evict_stalest_verified() {
  auto stalest = rows_.end();
  for (auto at = rows_.begin(); at != rows_.end(); ++at) {
    if (at->second.peer.online) continue;
    if (stalest == rows_.end() || at->second.until < stalest->second.until) stalest = at;
  }
  if (stalest == rows_.end()) return false;
  rows_.erase(stalest);
  return true;
}

void PeerTable::set_online(Row& row, PeerEvents& events) {
  row.peer.online = true;
  ++online_;
  events.push_back({PeerEvent::Kind::kAppeared, row.peer.peer_id});
}

PeerTable::Rows::iterator PeerTable::set_offline(Rows::iterator at, Instant now, PeerEvents& events) {
  events.push_back({PeerEvent::Kind::kGone, at->first});
  --online_;
  if (at->second.peer.proof == Proof::kNone) return rows_.erase(at);
  at->second.peer.online = false;
  at->second.until = now + kVerifiedPeerMemory;
  return std::next(at);
}

Instant PeerTable::lifetime_from(Instant now) const {
  return now + (online_ >= kPatientPeers ? kCrowdedPeerLifetime : kPeerLifetime);
}

void PeerTable::check_invariants() const {
  ASSERT(rows_.size() <= kPeersMax);
  ASSERT(count_unverified(nullptr) <= kUnverifiedPeersMax);
  ASSERT(!rows_.contains(self_));
  std::size_t online = 0;
  for (const auto& [id, row] : rows_) {
    ASSERT(row.peer.peer_id == id);
    ASSERT(row.peer.online || !row.peer.has_session());
    if (row.peer.proof == Proof::kNone) {
      ASSERT(row.peer.sessions == 0);
      ASSERT(count_unverified(&row.introduced_by) <= kUnverifiedPeersPerAddressMax);
    } else {
      ASSERT(row.peer.level == wire::Level::kPeer);
    }
    row.peer.addresses.check_invariants();
    if (row.peer.online) ++online;
  }
  ASSERT(online == online_);
}

}  // namespace essaim::discovery
