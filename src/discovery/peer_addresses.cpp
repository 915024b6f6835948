#include "discovery/peer_addresses.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <tuple>

#include "base/assert.hpp"
#include "discovery/limits.hpp"

namespace essaim::discovery {
namespace {

bool tried_before(const PeerAddress& a, const PeerAddress& b) {
  if (a.proof != b.proof) return a.proof == Proof::kSession;
  return std::tie(b.last_good, a.endpoint) < std::tie(a.last_good, b.endpoint);
}

}  // namespace

bool PeerAddresses::note(const Endpoint& endpoint, Instant now, std::mt19937_64& random) {
  PeerAddress* const known = find(endpoint);
  if (known != nullptr) {
    if (known->proof == Proof::kNone) known->last_good = now;
    sort();
    return false;
  }
  if (list_.size() >= kCandidatesPerPeerMax && !drop_unproven(random)) return false;
  list_.push_back({endpoint, Proof::kNone, now});
  sort();
  return true;
}

bool PeerAddresses::prove(const Endpoint& endpoint, Instant now, std::mt19937_64& random) {
  PeerAddress* const known = find(endpoint);
  const bool news = known == nullptr || known->proof == Proof::kNone;
  if (known != nullptr) {
    *known = {endpoint, Proof::kSession, now};
  } else {
    // Sorted: where none is unproven, the last one is the proven one that is the oldest.
    if (list_.size() >= kCandidatesPerPeerMax && !drop_unproven(random)) list_.pop_back();
    list_.push_back({endpoint, Proof::kSession, now});
  }
  sort();
  return news;
}

void PeerAddresses::forget_unproven_before(Instant oldest) {
  std::erase_if(list_, [&](const PeerAddress& a) { return a.proof == Proof::kNone && a.last_good < oldest; });
}

bool PeerAddresses::any_at(const IpAddress& address) const {
  return std::ranges::any_of(list_, [&](const PeerAddress& a) { return a.endpoint.address == address; });
}

bool PeerAddresses::proven_at(const IpAddress& address) const {
  return std::ranges::any_of(
      list_, [&](const PeerAddress& a) { return a.proof == Proof::kSession && a.endpoint.address == address; });
}

PeerAddress* PeerAddresses::find(const Endpoint& endpoint) {
  const auto at = std::ranges::find(list_, endpoint, &PeerAddress::endpoint);
  return at == list_.end() ? nullptr : &*at;
}

bool PeerAddresses::drop_unproven(std::mt19937_64& random) {
  const auto first = std::ranges::find(list_, Proof::kNone, &PeerAddress::proof);
  const auto unproven = static_cast<std::size_t>(std::distance(first, list_.end()));
  if (unproven == 0) return false;
  list_.erase(std::next(first, static_cast<std::ptrdiff_t>(random() % unproven)));
  return true;
}

void PeerAddresses::sort() { std::ranges::sort(list_, tried_before); }

void PeerAddresses::check_invariants() const {
  ASSERT(list_.size() <= kCandidatesPerPeerMax);
  ASSERT(std::ranges::is_sorted(list_, tried_before));
  for (std::size_t i = 0; i < list_.size(); ++i) {
    ASSERT(list_[i].endpoint.port != 0);
    for (std::size_t j = 0; j < i; ++j) ASSERT(list_[i].endpoint != list_[j].endpoint);
  }
}

}  // namespace essaim::discovery
