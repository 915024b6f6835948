// When to announce ourselves.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>

#include "base/time.hpp"
#include "discovery/limits.hpp"

namespace essaim::discovery {

enum class AnnounceForm {
  kTell,  // plain
  kAsk,   // with `ask`: everyone answers at once
};

// Pure: no clock; same seed and same calls, same answers.
//  - A burst with `ask` at kBurstOffsets from the start, and from each change of the network.
//    Rationale: the first datagram can be lost while a switch or an access point learns the way; three rarely are.
//  - Then every kAnnounceInterval ± kJitterPercent, kCrowdedAnnounceInterval with more than kCrowdedPeers near.
//    Rationale: jitter keeps peers that started together from announcing together for ever.
//  - What we share changes: announced at once, but at most one such announcement in kNewsInterval; any announcement
//    carries the news. A burst, too, begins at most once in kNewsInterval, however an interface flaps.
//  - Late calls never lead to a volley: what was missed becomes one announcement.
class AnnounceSchedule {
 public:
  static constexpr std::array<Duration, 3> kBurstOffsets{Duration{0}, Duration{100'000}, Duration{400'000}};

  AnnounceSchedule(std::uint64_t seed, Instant start);

  // An interface came, or changed its address.
  void on_network_change(Instant now);
  // What this peer shares has changed; the caller puts the new `rev` into what it sends next.
  void on_rev_change(Instant now);
  // How many peers are online.
  void on_peer_count(std::size_t peers, Instant now);

  // The announcement that is due at `now`, if one is. The caller sends it; call again after the next deadline.
  [[nodiscard]] std::optional<AnnounceForm> take_due(Instant now);
  [[nodiscard]] Instant next_deadline() const;

  void check_invariants() const;

 private:
  [[nodiscard]] Duration jittered(Duration interval);

  std::mt19937_64 random_;
  Duration interval_ = kAnnounceInterval;
  std::optional<Instant> next_burst_;              // when one begins, if one is to
  Instant burst_start_;                            // of the last one
  std::size_t burst_sent_ = kBurstOffsets.size();  // how many datagrams of the last one are behind us
  Instant last_sent_;
  Instant regular_;
  std::optional<Instant> news_;  // when to tell of a change that was not told yet
};

}  // namespace essaim::discovery
