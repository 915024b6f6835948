#include "swarm/token_bucket.hpp"

#include <algorithm>

#include "swarm/limits.hpp"
#include "swarm/rate.hpp"

namespace essaim::swarm {

TokenBucket::TokenBucket(std::optional<std::uint64_t> bytes_per_second) { set_rate(bytes_per_second); }

void TokenBucket::set_rate(std::optional<std::uint64_t> bytes_per_second) {
  free_at_ = Instant::min();
  bytes_per_second_ = bytes_per_second;
  if (bytes_per_second_) bytes_per_second_ = std::max(*bytes_per_second_, kRateLimitMinBytesPerSecond);
}

void TokenBucket::take(std::uint64_t bytes, Instant now) {
  if (!bytes_per_second_) return;
  free_at_ = std::max(free_at_, now - kRateLimitBurst) + time_for(bytes, *bytes_per_second_);
}

}  // namespace essaim::swarm
