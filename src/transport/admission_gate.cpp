#include "transport/admission_gate.hpp"

#include "base/assert.hpp"

namespace essaim::transport {

bool AdmissionGate::try_enter(const IpAddress& address) {
  const bool entered = try_again(address);
  if (!entered) ++turned_away_;
  return entered;
}

bool AdmissionGate::try_again(const IpAddress& address) {
  if (!admits(address)) return false;
  ++inside_by_address_[address];
  ++inside_;
  return true;
}

void AdmissionGate::leave(const IpAddress& address) {
  const auto entry = inside_by_address_.find(address);
  ASSERT(entry != inside_by_address_.end());
  if (--entry->second == 0) inside_by_address_.erase(entry);
  --inside_;
}

bool AdmissionGate::admits(const IpAddress& address) {
  if (inside_ >= kUnprovenConnectionsMax) return false;
  const auto entry = inside_by_address_.find(address);
  const std::size_t from_there = entry == inside_by_address_.end() ? 0 : entry->second;
  if (from_there >= kUnprovenConnectionsPerAddressMax && !address.is_loopback()) return false;
  if (inside_ < kUnprovenConnectionsCalm) return true;
  // With kUnprovenConnectionsCalm inside, one of 33 is turned away; with one place left, 32 of 33 are.
  constexpr std::size_t kPlaces = kUnprovenConnectionsMax - kUnprovenConnectionsCalm;
  return random_() % (kPlaces + 1) > inside_ - kUnprovenConnectionsCalm;
}

void AdmissionGate::check_invariants() const {
  std::size_t sum = 0;
  for (const auto& [address, count] : inside_by_address_) {
    ASSERT(count > 0);
    ASSERT(count <= kUnprovenConnectionsPerAddressMax || address.is_loopback());
    sum += count;
  }
  ASSERT(sum == inside_);
  ASSERT(inside_ <= kUnprovenConnectionsMax);
}

}  // namespace essaim::transport
