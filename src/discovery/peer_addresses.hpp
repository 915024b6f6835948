// Where one peer may listen.
#pragma once
#include <random>
#include <vector>

#include "base/endpoint.hpp"
#include "base/time.hpp"

namespace essaim::discovery {

enum class Proof {
  kNone,     // somebody said so
  kSession,  // a session of level 1, so with the peer's own key, was had
};

struct PeerAddress {
  Endpoint endpoint;  // TCP
  Proof proof = Proof::kNone;
  Instant last_good;  // proven: when a session was last opened there; else: when it was last heard of
  friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

// At most kCandidatesPerPeerMax addresses, sorted as they should be tried: proven before unproven, the newest first.
//  - Where there is no room, a random unproven one makes it. Rationale: were it the oldest, a forger would only have
//    to be quick to push out the true one.
//  - A proven address makes room for a proven one alone, and then the oldest does.
class PeerAddresses {
 public:
  // Somebody said so. True if the address is new, and there was room for it.
  bool note(const Endpoint& endpoint, Instant now, std::mt19937_64& random);
  // A session was opened there. True if that was not known of this address.
  bool prove(const Endpoint& endpoint, Instant now, std::mt19937_64& random);
  // Forgets unproven ones that were last heard of before `oldest`.
  void forget_unproven_before(Instant oldest);

  // Is one of them at this address, at whatever port?
  [[nodiscard]] bool any_at(const IpAddress& address) const;
  [[nodiscard]] bool proven_at(const IpAddress& address) const;
  [[nodiscard]] const std::vector<PeerAddress>& list() const { return list_; }

  void check_invariants() const;

 private:
  [[nodiscard]] PeerAddress* find(const Endpoint& endpoint);
  // Removes a random unproven one; false if there is none.
  bool drop_unproven(std::mt19937_64& random);
  void sort();

  std::vector<PeerAddress> list_;
};

}  // namespace essaim::discovery
