// A fixed number of slots for an unbounded number of sources.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/endpoint.hpp"

namespace essaim::discovery {

// Which of kSourceSlots slots the state of a source lives in. Two sources can share one; then they share a limit.
// Rationale: nothing grows, nothing has to be evicted, and a forger of addresses can fill no table. The seed keeps it
// from choosing whose slot it shares.
//  - A source is an address, whatever its port.
//  - On the loopback interface a source is an address and a port. Rationale: all nodes of one machine have the same
//    address there, and no other host can forge it.
class SourceSlots {
 public:
  explicit SourceSlots(std::uint64_t seed) : seed_(seed) {}
  [[nodiscard]] std::size_t slot_of(const Endpoint& source) const;

 private:
  std::uint64_t seed_;
};

}  // namespace essaim::discovery
