#include "access/pairing_tries.hpp"

#include <algorithm>

#include "base/defence.hpp"

namespace essaim::access {

void PairingTries::forget_old(Instant now) {
  std::erase_if(failures_, [now](const auto& entry) { return now - entry.second.not_before >= kPairingPauseMax; });
}

bool PairingTries::may_try(const PeerId& peer, Instant now) {
  forget_old(now);
  if (!defended(Defence::kPairingTries)) return true;
  const auto known = failures_.find(peer);
  if (known == failures_.end()) return failures_.size() < kPairingTriersMax;
  return now >= known->second.not_before;
}

std::optional<Instant> PairingTries::next_try(const PeerId& peer) const {
  const auto known = failures_.find(peer);
  const bool pauses = known != failures_.end() && known->second.count >= kPairingTriesFree;
  return pauses && defended(Defence::kPairingTries) ? std::optional(known->second.not_before) : std::nullopt;
}

void PairingTries::on_failed(const PeerId& peer, Instant now) {
  forget_old(now);
  if (failures_.size() >= kPairingTriersMax && !failures_.contains(peer)) return;
  Failures& failures = failures_[peer];
  ++failures.count;
  failures.not_before = now;
  if (failures.count < kPairingTriesFree) return;
  Instant::duration pause = kPairingPauseMin;
  for (unsigned doubled = kPairingTriesFree; doubled < failures.count && pause < kPairingPauseMax; ++doubled)
    pause *= 2;
  failures.not_before = now + std::min<Instant::duration>(pause, kPairingPauseMax);
}

}  // namespace essaim::access
