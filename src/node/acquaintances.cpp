#include "node/acquaintances.hpp"

#include <algorithm>
#include <utility>

#include "base/defence.hpp"
#include "node/failures.hpp"

namespace essaim::node {

Outcome<void> Acquaintances::start(UnixNanos now) {
  const auto memory = std::chrono::nanoseconds(kStrangerMemory).count();
  const UnixNanos before{static_cast<std::int64_t>(now) - memory};
  if (auto removed = book_.remove_strangers(before); !removed) return fail(failure_of(removed.error()));
  auto all = book_.all();
  if (!all) return fail(failure_of(all.error()));
  for (storage::PeerRecord& record : *all) known_.emplace(record.id, std::move(record));
  return {};
}

access::Trust Acquaintances::trust_of(const PeerId& peer) const {
  const auto known = known_.find(peer);
  return known == known_.end() ? access::Trust::kStranger : known->second.trust;
}

std::optional<PeerId> Acquaintances::known_by_name(const PeerId& peer, const std::string& name) const {
  if (name.empty() || !defended(Defence::kNameOwner)) return std::nullopt;
  const auto self = known_.find(peer);
  const bool known_as_that = self != known_.end() && self->second.name == name;
  if (known_as_that && self->second.trust == access::Trust::kTrusted) return std::nullopt;
  std::optional<PeerId> stranger;
  for (const auto& [id, record] : known_) {
    if (id == peer || record.name != name || record.trust == access::Trust::kBlocked) continue;
    if (record.trust == access::Trust::kTrusted) return id;
    stranger = id;
  }
  return known_as_that ? std::nullopt : stranger;
}

const storage::PeerRecord* Acquaintances::find(const PeerId& peer) const {
  const auto known = known_.find(peer);
  return known == known_.end() ? nullptr : &known->second;
}

std::vector<storage::PeerRecord> Acquaintances::judged() const {
  std::vector<storage::PeerRecord> judged;
  for (const auto& [id, record] : known_) {
    if (record.trust != access::Trust::kStranger) judged.push_back(record);
  }
  return judged;
}

std::vector<storage::PeerRecord> Acquaintances::find(const std::string& text) const {
  std::vector<storage::PeerRecord> found;
  for (const auto& [id, record] : known_) {
    if (id.text == text) return {record};
    if (record.name == text || id.text.starts_with(text)) found.push_back(record);
  }
  return found;
}

void Acquaintances::on_met(const Meeting& meeting) {
  if (proved_.size() < kPeersProvedMax) proved_.insert(meeting.peer);
  const auto owner = known_by_name(meeting.peer, meeting.name);
  const auto known = known_.find(meeting.peer);
  if (owner) warn(meeting, *owner);
  if (owner && known == known_.end()) return;
  storage::PeerRecord record = known == known_.end() ? storage::PeerRecord{.id = meeting.peer} : known->second;
  if (!owner) record.name = meeting.name;
  record.level = 1;
  record.addresses = {meeting.address};
  record.last_seen = meeting.when;
  if (known == known_.end()) make_room();
  put(record);
}

Outcome<void> Acquaintances::set_trust(const PeerId& peer, const std::string& name, access::Trust trust) {
  const auto known = known_.find(peer);
  storage::PeerRecord record = known == known_.end() ? storage::PeerRecord{.id = peer, .level = 1} : known->second;
  const auto owner = known_by_name(peer, name);
  const bool is_free = !owner || (trust == access::Trust::kTrusted && trust_of(*owner) != access::Trust::kTrusted);
  if (is_free && !name.empty()) record.name = name;
  record.trust = trust;
  if (auto kept = book_.put(record); !kept) return fail(failure_of(kept.error()));
  known_[peer] = std::move(record);
  return {};
}

Outcome<void> Acquaintances::forget(const PeerId& peer) {
  if (auto removed = book_.remove(peer); !removed) return fail(failure_of(removed.error()));
  known_.erase(peer);
  return {};
}

void Acquaintances::warn(const Meeting& meeting, const PeerId& owner) {
  if (warned_of_.size() == kStrangersKnownMax) warned_of_.clear();
  if (!warned_of_.insert(meeting.peer).second) return;
  log_.warning(
      "A peer that calls itself \"{}\" is not the one known by that name: its key is {}, not {}. Somebody may be "
      "posing "
      "as it. If it has a new key for a good reason, `essaim forget {}` gives the name free.",
      meeting.name, meeting.peer.text, owner.text, owner.text);
}

void Acquaintances::put(const storage::PeerRecord& record) {
  if (auto kept = book_.put(record); !kept) log_.warning("{}", describe(kept.error()));
  known_[record.id] = record;
}

void Acquaintances::make_room() {
  const auto is_stranger = [](const auto& entry) { return entry.second.trust == access::Trust::kStranger; };
  if (static_cast<std::size_t>(std::ranges::count_if(known_, is_stranger)) < kStrangersKnownMax) return;
  auto oldest = known_.end();
  for (auto at = known_.begin(); at != known_.end(); ++at) {
    if (!is_stranger(*at)) continue;
    if (oldest == known_.end() || at->second.last_seen < oldest->second.last_seen) oldest = at;
  }
  if (auto forgotten = forget(PeerId(oldest->first)); !forgotten) log_.warning("{}", forgotten.error().message);
}

}  // namespace essaim::node
