// A rate limit.
#pragma once
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace essaim::swarm {

// Lets bytes through at a rate, after a pause kRateLimitBurst's worth at once. Kept as the instant from which the next
// bytes may pass (the virtual scheduling form of the generic cell rate algorithm, ITU-T I.371), so nothing need be
// filled up as time passes.
//  - Whatever is allowed at all may be of any size; what comes after it waits for it.
//    Why: a chunk is larger than what a low limit lets through in a burst, and can't be cut.
//  - The rate is never below kRateLimitMinBytesPerSecond.
//    Why: below that the other side takes us for dead.
class TokenBucket {
 public:
  explicit TokenBucket(std::optional<std::uint64_t> bytes_per_second);

  // A change forgives what is still to be waited for.
  void set_rate(std::optional<std::uint64_t> bytes_per_second);

  [[nodiscard]] bool ready(Instant now) const { return free_at_ <= now; }
  [[nodiscard]] Instant ready_at() const { return free_at_; }
  void take(std::uint64_t bytes, Instant now);

 private:
  std::optional<std::uint64_t> bytes_per_second_;
  Instant free_at_ = Instant::min();
};

}  // namespace essaim::swarm
