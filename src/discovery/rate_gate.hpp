// Which datagrams are worth a look. Asked before any byte of one is parsed.
#pragma once
#include <array>
#include <cstdint>

#include "base/endpoint.hpp"
#include "base/time.hpp"
#include "discovery/limits.hpp"
#include "discovery/source_slots.hpp"

namespace essaim::discovery {

// Pure: same seed and same calls, same answers. Constant memory and time.
//  - A source: kIntakePerSourcePerSecond, with bursts of kIntakePerSourceBurst.
//  - All together: kIntakePerSecond. What either rule refuses costs nothing.
class RateGate {
 public:
  explicit RateGate(std::uint64_t seed) : slots_(seed) { sources_.fill(Instant::min()); }

  [[nodiscard]] bool admit(const Endpoint& source, Instant now);

 private:
  // Each limit is one instant (GCRA, ITU-T I.371): when the bucket will be full again.
  SourceSlots slots_;
  std::array<Instant, kSourceSlots> sources_{};
  Instant all_ = Instant::min();
};

}  // namespace essaim::discovery
