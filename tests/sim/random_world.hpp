// A small swarm with faults, all of it chosen by a seed.
#pragma once
#include <cstdint>
#include <memory>

#include "sim/world.hpp"

namespace essaim::sim {

// No fault begins later, and none lasts longer.
inline constexpr Duration kFaultsEnd = 20s;
inline constexpr Duration kFaultTimeMax = 15s;

class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed);
  [[nodiscard]] World& world() { return *world_; }

 private:
  [[nodiscard]] PeerSpec any_peer();
  [[nodiscard]] Peer& any_honest_peer();
  [[nodiscard]] Duration any_time(Duration below);
  void add_fault();
  void end_and_begin_again(Peer& peer);

  RandomChoices random_;
  std::unique_ptr<World> world_;
};

}  // namespace essaim::sim
