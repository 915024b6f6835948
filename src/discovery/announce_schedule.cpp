#include "discovery/announce_schedule.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace essaim::discovery {

AnnounceSchedule::AnnounceSchedule(std::uint64_t seed, Instant start)
    : random_(seed),
      next_burst_(start),
      burst_start_(start - kNewsInterval),
      last_sent_(start - kNewsInterval),
      regular_(start + kAnnounceInterval) {}

void AnnounceSchedule::on_network_change(Instant now) {
  if (!next_burst_) next_burst_ = std::max(now, burst_start_ + kNewsInterval);
}

void AnnounceSchedule::on_rev_change(Instant now) {
  if (!news_) news_ = std::max(now, last_sent_ + kNewsInterval);
}

void AnnounceSchedule::on_peer_count(std::size_t peers, Instant now) {
  const Duration interval = peers > kCrowdedPeers ? kCrowdedAnnounceInterval : kAnnounceInterval;
  if (interval < interval_) regular_ = std::min(regular_, now + jittered(interval));
  interval_ = interval;
}

std::optional<AnnounceForm> AnnounceSchedule::take_due(Instant now) {
  if (next_burst_ && *next_burst_ <= now) {
    next_burst_.reset();
    burst_start_ = now;
    burst_sent_ = 0;
  }
  const std::size_t sent_before = burst_sent_;
  while (burst_sent_ < kBurstOffsets.size() && burst_start_ + kBurstOffsets[burst_sent_] <= now) ++burst_sent_;
  const bool ask = burst_sent_ > sent_before;
  if (!ask && regular_ > now && (!news_ || *news_ > now)) return std::nullopt;
  news_.reset();
  last_sent_ = now;
  regular_ = now + jittered(interval_);
  return ask ? AnnounceForm::kAsk : AnnounceForm::kTell;
}

Instant AnnounceSchedule::next_deadline() const {
  Instant deadline = regular_;
  if (next_burst_) deadline = std::min(deadline, *next_burst_);
  if (burst_sent_ < kBurstOffsets.size()) deadline = std::min(deadline, burst_start_ + kBurstOffsets[burst_sent_]);
  if (news_) deadline = std::min(deadline, *news_);
  return deadline;
}

Duration AnnounceSchedule::jittered(Duration interval) {
  const auto spread = static_cast<std::uint64_t>((interval * kJitterPercent / 100).count());
  const std::uint64_t offset = random_() % (2 * spread + 1);
  return interval - Duration(static_cast<Duration::rep>(spread)) + Duration(static_cast<Duration::rep>(offset));
}

void AnnounceSchedule::check_invariants() const {
  ASSERT(burst_sent_ <= kBurstOffsets.size());
  ASSERT(interval_ == kAnnounceInterval || interval_ == kCrowdedAnnounceInterval);
  ASSERT(!next_burst_ || *next_burst_ >= burst_start_ + kNewsInterval);
  ASSERT(!news_ || *news_ >= last_sent_ + kNewsInterval);
}

}  // namespace essaim::discovery
