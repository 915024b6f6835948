// How often somebody may try to pair.
#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace essaim::access {

inline constexpr unsigned kPairingTriesFree = 3;
inline constexpr std::chrono::minutes kPairingPauseMin{1};
inline constexpr std::chrono::hours kPairingPauseMax{1};
inline constexpr std::size_t kPairingTriersMax = 256;

// Counts pairings that failed, one peer at a time. Pure.
//  - kPairingTriesFree tries; each further failure is followed by a pause that doubles from kPairingPauseMin to
//    kPairingPauseMax. Rationale: each try is one chance in a million, and a person who gets tired.
//  - Who has not failed for kPairingPauseMax after its pause, or has succeeded, starts anew.
//  - kPairingTriersMax peers are counted; while there are so many, no other may try. Rationale: keys are free to make.
class PairingTries {
 public:
  [[nodiscard]] bool may_try(const PeerId& peer, Instant now);
  // The end of the peer's pause; nothing where it has none. Of the peer alone, whoever else is counted.
  [[nodiscard]] std::optional<Instant> next_try(const PeerId& peer) const;
  void on_failed(const PeerId& peer, Instant now);
  void on_done(const PeerId& peer) { failures_.erase(peer); }

 private:
  struct Failures {
    unsigned count = 0;
    Instant not_before;
  };
  void forget_old(Instant now);

  std::map<PeerId, Failures> failures_;
};

}  // namespace essaim::access
