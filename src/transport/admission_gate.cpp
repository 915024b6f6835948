#include "transport/admission_gate.hpp"

#include "base/assert.hpp"
#include "base/defence.hpp"

namespace essaim::transport {

std::optional<AdmissionGate::Entry> AdmissionGate::try_enter(const IpAddress& address) {
  auto entry = try_again(address);
  if (!entry) ++turned_away_;
  return entry;
}

std::optional<AdmissionGate::Entry> AdmissionGate::try_again(const IpAddress& address) {
  const bool many_from_there = count_from(address) >= kUnprovenConnectionsPerAddressMax && !address.is_loopback();
  if (defended(Defence::kDoorPlacesPerAddress) && many_from_there) return std::nullopt;
  Entry entry;
  if (defended(Defence::kDoorPlaces) && inside_.size() >= kUnprovenConnectionsMax) {
    entry.evicted = choose_to_evict(address);
    if (!entry.evicted) return std::nullopt;
    ++evicted_;
    leave(*entry.evicted);
  }
  entry.place = DoorPlace{++last_place_};
  inside_.emplace(entry.place, address);
  by_address_[address].insert(entry.place);
  return entry;
}

void AdmissionGate::leave(DoorPlace place) {
  const auto entry = inside_.find(place);
  if (entry == inside_.end()) return;
  const auto from_there = by_address_.find(entry->second);
  from_there->second.erase(place);
  if (from_there->second.empty()) by_address_.erase(from_there);
  inside_.erase(entry);
}

std::size_t AdmissionGate::count_from(const IpAddress& address) const {
  const auto from_there = by_address_.find(address);
  return from_there == by_address_.end() ? 0 : from_there->second.size();
}

std::optional<DoorPlace> AdmissionGate::choose_to_evict(const IpAddress& newcomer) const {
  std::size_t most = count_from(newcomer);
  std::optional<DoorPlace> chosen;
  if (!defended(Defence::kDoorEviction)) return chosen;
  for (const auto& [address, places] : by_address_) {
    const DoorPlace first = *places.begin();
    if (places.size() < most || (places.size() == most && (!chosen || *chosen < first))) continue;
    most = places.size();
    chosen = first;
  }
  return chosen;
}

void AdmissionGate::check_invariants() const {
  std::size_t sum = 0;
  for (const auto& [address, places] : by_address_) {
    ASSERT(!places.empty());
    ASSERT(places.size() <= kUnprovenConnectionsPerAddressMax || address.is_loopback());
    for (const DoorPlace place : places) ASSERT(inside_.at(place) == address);
    sum += places.size();
  }
  ASSERT(sum == inside_.size());
  ASSERT(inside_.size() <= kUnprovenConnectionsMax);
}

}  // namespace essaim::transport
