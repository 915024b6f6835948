// Where chance decides in a simulation: by a seed, or each way in turn.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"
#include "swarm/random.hpp"

namespace essaim::sim {

class Choices {
 public:
  Choices() = default;
  Choices(const Choices&) = delete;
  Choices& operator=(const Choices&) = delete;
  virtual ~Choices() = default;
  // From 0 to ways - 1.
  [[nodiscard]] virtual std::uint64_t choose(std::uint64_t ways) = 0;
};

class RandomChoices final : public Choices {
 public:
  explicit RandomChoices(std::uint64_t seed) : random_(seed) {}
  [[nodiscard]] std::uint64_t choose(std::uint64_t ways) override { return random_.below(ways); }

 private:
  swarm::Random random_;
};

// Every sequence of choices, one a round: like an odometer whose wheels may differ from round to round.
//   EveryChoice choices; do { …; } while (choices.next_round());
class EveryChoice final : public Choices {
 public:
  [[nodiscard]] std::uint64_t choose(std::uint64_t ways) override {
    ASSERT(ways > 0);
    if (made_ == wheels_.size()) wheels_.push_back({.ways = ways});
    ASSERT(wheels_[made_].ways == ways);  // what was chosen so far decides what there is to choose
    return wheels_[made_++].chosen;
  }
  // False when all have been seen.
  [[nodiscard]] bool next_round() {
    made_ = 0;
    while (!wheels_.empty() && wheels_.back().chosen + 1 == wheels_.back().ways) wheels_.pop_back();
    if (wheels_.empty()) return false;
    ++wheels_.back().chosen;
    return true;
  }

 private:
  struct Wheel {
    std::uint64_t ways = 0;
    std::uint64_t chosen = 0;
  };
  std::vector<Wheel> wheels_;
  std::size_t made_ = 0;  // choices of this round
};

}  // namespace essaim::sim
