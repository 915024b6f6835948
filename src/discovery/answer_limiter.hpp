// Whom to answer, when a datagram asks.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/endpoint.hpp"
#include "base/time.hpp"
#include "discovery/limits.hpp"
#include "discovery/source_slots.hpp"

namespace essaim::discovery {

// Pure: same seed and same calls, same answers. Constant memory and time.
//  - One answer a kAnswerIntervalPerSource to one source; kAnswersPerSecond in any second to all together.
//    Rationale: whoever forges a victim's address makes us bother the victim. Together with encode_answer() that is
//    never more bytes than the forger sent, and never more than these packets.
class AnswerLimiter {
 public:
  explicit AnswerLimiter(std::uint64_t seed) : slots_(seed) {
    next_allowed_.fill(Instant::min());
    free_again_.fill(Instant::min());
  }

  // May `source` be answered now? Yes counts as an answer given.
  [[nodiscard]] bool allow(const Endpoint& source, Instant now);

 private:
  SourceSlots slots_;
  std::array<Instant, kSourceSlots> next_allowed_{};
  // A ring with one place an answer; a place is free again a second after it was taken.
  std::array<Instant, kAnswersPerSecond> free_again_{};
  std::size_t oldest_ = 0;
};

}  // namespace essaim::discovery
