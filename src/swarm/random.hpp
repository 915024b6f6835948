// Random choices that a seed decides, the same on every machine.
#pragma once
#include <cstdint>

namespace essaim::swarm {

// SplitMix64 (Steele, Lea, Flood 2014). For ties and shuffles; never for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }
  // From 0 to bound - 1; bound is at least 1. Uneven by less than bound / 2^64.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

}  // namespace essaim::swarm
