#include "discovery/answer_limiter.hpp"

#include <chrono>

#include "base/defence.hpp"

namespace essaim::discovery {

bool AnswerLimiter::allow(const Endpoint& source, Instant now) {
  Instant& of_source = next_allowed_[slots_.slot_of(source)];
  if (defended(Defence::kAnswerRatePerSource) && of_source > now) return false;
  if (defended(Defence::kAnswerRate) && free_again_[oldest_] > now) return false;
  of_source = now + kAnswerIntervalPerSource;
  free_again_[oldest_] = now + std::chrono::seconds(1);
  oldest_ = (oldest_ + 1) % free_again_.size();
  return true;
}

}  // namespace essaim::discovery
