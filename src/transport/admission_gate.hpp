// How many strangers may stand in the door at once, and who has to make room.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "base/endpoint.hpp"

namespace essaim::transport {

inline constexpr std::size_t kUnprovenConnectionsMax = 64;
inline constexpr std::size_t kUnprovenConnectionsPerAddressMax = 8;

// A connection that has proved nothing yet. Never given twice; the smaller came earlier.
enum class DoorPlace : std::uint64_t {};

// Counts connections that have proved nothing yet. Pure: same calls, same answers.
//  - At most kUnprovenConnectionsMax at once. Rationale: each costs memory and a descriptor.
//  - At most kUnprovenConnectionsPerAddressMax from one address, but any number from this machine. Rationale: one host
//    can't take all places; several nodes, a web page and scripts may share the loopback address.
//  - When all places are taken, a newcomer gets that of the address that has the most, of equals the one that was there
//    first, unless its own has as many. Rationale: however many connections hosts open and leave silent, one from
//    somewhere else gets in at once; and it is done long before the next 64 addresses have pushed it out again.
class AdmissionGate {
 public:
  struct Entry {
    DoorPlace place{};
    std::optional<DoorPlace> evicted;  // whose connection is to be closed
  };

  // May one more from there come in? If so it holds a place until leave(), or until somebody else gets it.
  [[nodiscard]] std::optional<Entry> try_enter(const IpAddress& address);
  // The same for one who has been turned away and waits: not counted as turned away once more.
  [[nodiscard]] std::optional<Entry> try_again(const IpAddress& address);
  // One that was evicted has left already.
  void leave(DoorPlace place);

  [[nodiscard]] std::size_t inside() const { return inside_.size(); }
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  void check_invariants() const;

 private:
  [[nodiscard]] std::size_t count_from(const IpAddress& address) const;
  // Whose connection makes room for one from there.
  [[nodiscard]] std::optional<DoorPlace> choose_to_evict(const IpAddress& newcomer) const;

  std::map<DoorPlace, IpAddress> inside_;
  std::map<IpAddress, std::set<DoorPlace>> by_address_;
  std::uint64_t last_place_ = 0;
  std::uint64_t turned_away_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace essaim::transport
