#include "swarm/source_window.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "swarm/rate.hpp"

namespace essaim::swarm {

SourceWindow::SourceWindow(std::uint32_t requests_max)
    : requests_max_(std::clamp<std::uint32_t>(requests_max, 1, kRequestsInFlightMax)) {}

bool SourceWindow::has_room(std::uint32_t bytes) const {
  if (requests_in_flight_ == 0) return true;
  if (requests_in_flight_ >= requests_max_ || bytes_in_flight_ + bytes > kBytesInFlightMax) return false;
  if (bytes_in_flight_ + bytes <= window_bytes_) return true;
  return requests_in_flight_ < kRequestsFloor && rate_ != 0 && time_for(bytes_in_flight_ + bytes, rate_) <= kFloorTime;
}

SourceWindow::Mark SourceWindow::on_asked(std::uint32_t bytes, Instant now) {
  if (requests_in_flight_ == 0) delivered_at_ = now;
  const Mark mark{.asked_at = now, .delivered_at = delivered_at_, .delivered = delivered_};
  ++requests_in_flight_;
  bytes_in_flight_ += bytes;
  return mark;
}

void SourceWindow::on_delivered(std::uint32_t bytes, const Mark& mark, Instant now) {
  on_ended(bytes);
  delivered_ += bytes;
  delivered_at_ = now;
  const Duration latency = std::max(now - mark.asked_at, Duration(1));
  if (round_trip_ == Duration::zero() || latency < round_trip_) round_trip_ = latency;
  const std::uint64_t rate = rate_of(delivered_ - mark.delivered, now - mark.delivered_at);
  const bool was_idle = idle_until_delivered_ && mark.delivered <= *idle_until_delivered_;
  if (was_idle && rate <= (rate_ == 0 ? kAssumedBytesPerSecond : rate_)) return;
  take_sample(rate, now);
  const std::uint64_t wanted = bytes_in(round_trip_ + std::max(round_trip_, kQueueTarget), rate_);
  window_bytes_ = std::clamp(was_idle ? std::max(wanted, window_bytes_) : wanted, kWindowMinBytes, kBytesInFlightMax);
}

void SourceWindow::take_sample(std::uint64_t rate, Instant now) {
  if (now - epoch_began_ >= kRateEpoch) {
    rate_of_epoch_before_ = rate_of_epoch_;
    rate_of_epoch_ = 0;
    epoch_began_ = now;
  }
  rate_of_epoch_ = std::max(rate_of_epoch_, rate);
  rate_ = std::max(rate_of_epoch_, rate_of_epoch_before_);
}

void SourceWindow::on_ended(std::uint32_t bytes) {
  ASSERT(requests_in_flight_ > 0 && bytes_in_flight_ >= bytes);
  --requests_in_flight_;
  bytes_in_flight_ -= bytes;
}

Duration SourceWindow::expected(std::uint32_t bytes) const {
  return round_trip_ + time_for(bytes_in_flight_ + bytes, rate_ == 0 ? kAssumedBytesPerSecond : rate_);
}

Duration SourceWindow::timeout(std::uint32_t bytes) const {
  return std::clamp<Duration>(2 * expected(bytes), kRequestTimeoutMin, kRequestTimeoutMax);
}

}  // namespace essaim::swarm
