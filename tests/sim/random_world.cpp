#include "sim/random_world.hpp"

#include <array>
#include <cstddef>
#include <functional>

namespace essaim::sim {
namespace {

template <class Value, std::size_t kCount>
Value any_of(Choices& random, const std::array<Value, kCount>& values) {
  return values[random.choose(kCount)];
}

}  // namespace

RandomWorld::RandomWorld(std::uint64_t seed) : random_(seed) {
  constexpr std::uint64_t kChunksMax = 40;
  WorldSpec spec{.seed = seed, .size = 1 + random_.choose(kChunksMax * content::kChunkBytesMin)};
  spec.datagram_loss_percent = static_cast<std::uint32_t>(any_of(random_, std::array{0, 0, 5, 20}));
  const std::uint64_t fetchers = 1 + random_.choose(4);
  spec.peers.push_back({.role = Role::kSeed, .link = any_peer().link});
  for (std::uint64_t each = 0; each < fetchers; ++each) spec.peers.push_back(any_peer());
  if (random_.choose(2) == 0) {
    PeerSpec other = any_peer();
    other.role = Role::kSeed;
    other.conduct = any_of(
        random_, std::array{Conduct::kHonest, Conduct::kLiar, Conduct::kMute, Conduct::kRefuser, Conduct::kMoody});
    spec.peers.push_back(other);
  }
  world_ = std::make_unique<World>(spec);
  for (std::uint64_t faults = random_.choose(8); faults > 0; --faults) add_fault();
}

PeerSpec RandomWorld::any_peer() {
  constexpr std::array<std::uint64_t, 4> kRates{1'000'000, 5'000'000, 12'500'000, 125'000'000};
  constexpr std::array<Duration, 4> kLatencies{100us, 500us, 3ms, 20ms};
  return {
      .link = {.up = any_of(random_, kRates), .down = any_of(random_, kRates), .latency = any_of(random_, kLatencies)},
      .joins_at = random_.choose(2) == 0 ? Duration{0} : any_time(5s)};
}

Peer& RandomWorld::any_honest_peer() {
  while (true) {
    Peer& peer = world_->peer(random_.choose(world_->size()));
    if (peer.spec().conduct == Conduct::kHonest) return peer;
  }
}

// Short times are as likely as long ones.
Duration RandomWorld::any_time(Duration below) {
  const std::uint64_t shift = random_.choose(8);
  return Duration(static_cast<Duration::rep>(random_.choose(static_cast<std::uint64_t>(below.count()) >> shift)));
}

void RandomWorld::add_fault() {
  Peer& peer = any_honest_peer();
  Peer& other = any_honest_peer();
  const Duration lasts = any_time(kFaultTimeMax);
  World& world = *world_;
  const auto fault = [&]() -> std::function<void()> {
    switch (random_.choose(5)) {
      case 0: return [&world, &peer, &other] { world.network.cut(peer.id(), other.id()); };
      case 1:
        return [&world, &peer, lasts] {
          world.network.part({peer.id()});
          world.clock.after(lasts, [&world] { world.network.heal(); });
        };
      case 2:
        return [&world, &peer, lasts] {
          peer.disk().set_full(true);
          world.clock.after(lasts, [&peer] { peer.disk().set_full(false); });
        };
      default: return [this, &peer] { end_and_begin_again(peer); };
    }
  };
  world.at(any_time(kFaultsEnd), fault());
}

void RandomWorld::end_and_begin_again(Peer& peer) {
  switch (random_.choose(3)) {
    case 0: peer.stop(); break;
    case 1: peer.kill(); break;
    default: peer.lose_power(random_);
  }
  world_->clock.after(any_time(kFaultTimeMax), [&peer] { peer.start(); });
}

}  // namespace essaim::sim
