// How many strangers may stand in the door at once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>

#include "base/endpoint.hpp"

namespace essaim::transport {

inline constexpr std::size_t kUnprovenConnectionsMax = 64;
inline constexpr std::size_t kUnprovenConnectionsCalm = 32;
inline constexpr std::size_t kUnprovenConnectionsPerAddressMax = 8;

// Counts connections that have proved nothing yet. Pure: same seed, same calls, same answers.
//  - At most kUnprovenConnectionsMax at once. Rationale: each costs memory and a descriptor.
//  - From kUnprovenConnectionsCalm on newcomers are turned away at random, the likelier the fuller it is (after
//    OpenSSH's MaxStartups). Rationale: under a flood an honest peer that tries again still gets in.
//  - At most kUnprovenConnectionsPerAddressMax from one address, but any number from this machine. Rationale: one host
//    can't take all places; several nodes, a web page and scripts may share the loopback address.
class AdmissionGate {
 public:
  explicit AdmissionGate(std::uint64_t seed) : random_(seed) {}

  // May one more from there come in? If so it holds a place until leave().
  [[nodiscard]] bool try_enter(const IpAddress& address);
  // The same for one who has been turned away and waits: not counted as turned away once more.
  [[nodiscard]] bool try_again(const IpAddress& address);
  void leave(const IpAddress& address);

  [[nodiscard]] std::size_t inside() const { return inside_; }
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }
  void check_invariants() const;

 private:
  [[nodiscard]] bool admits(const IpAddress& address);

  std::mt19937_64 random_;
  std::map<IpAddress, std::size_t> inside_by_address_;
  std::size_t inside_ = 0;
  std::uint64_t turned_away_ = 0;
};

}  // namespace essaim::transport
