// Swarms with one misfortune each. Every cable carries 12.5 MB/s each way unless said otherwise, so the content takes
// kLinkSeconds on one.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sim/world.hpp"

namespace essaim::sim {
namespace {

constexpr std::uint32_t kChunks = 200;
constexpr std::uint64_t kSize = std::uint64_t{kChunks} * content::kChunkBytesMin - 1000;
constexpr double kLinkSeconds = static_cast<double>(kSize) / 12'500'000;

using Misfortune = std::function<void(World&)>;

std::vector<PeerSpec> swarm(std::size_t seeds, std::size_t fetchers) {
  std::vector<PeerSpec> peers(seeds, PeerSpec{.role = Role::kSeed});
  peers.resize(seeds + fetchers);
  return peers;
}
// One seed, eight fetchers, and somebody.
std::vector<PeerSpec> swarm_with(const PeerSpec& somebody) {
  std::vector<PeerSpec> peers = swarm(1, 8);
  peers.push_back(somebody);
  return peers;
}
std::vector<PeerSpec> swarm_with_seed_of(Conduct conduct) {
  return swarm_with({.role = Role::kSeed, .conduct = conduct});
}
std::vector<PeerSpec> one_by_one() {
  std::vector<PeerSpec> peers = swarm(1, 8);
  for (std::size_t each = 1; each < peers.size(); ++each) peers[each].joins_at = 500ms * static_cast<int>(each);
  return peers;
}

void nothing(World& /*world*/) {}

Misfortune parts(const std::vector<HostId>& island, Duration lasts) {
  return [island, lasts](World& world) {
    world.at(1s, [&world, island] { world.network.part(island); });
    world.at(1s + lasts, [&world] { world.network.heal(); });
  };
}
void cuts_all_each_second(World& world) {
  for (int second = 1; second < 10; ++second) {
    world.at(second * 1s, [&world] {
      for (std::uint32_t one = 0; one < world.size(); ++one) {
        for (std::uint32_t other = 0; other < one; ++other) world.network.cut(HostId{one}, HostId{other});
      }
    });
  }
}
void kills_one_after_the_other(World& world) {
  for (std::size_t each = 1; each < world.size(); ++each) {
    const Duration at = 400ms * static_cast<int>(each);
    world.at(at, [&world, each] { world.peer(each).kill(); });
    world.at(at + 2s, [&world, each] { world.peer(each).start(); });
  }
}
void takes_the_seeds_power(World& world) {
  world.at(1s, [&world] {
    RandomChoices fate(1);
    world.peer(0).lose_power(fate);
  });
  world.at(11s, [&world] { world.peer(0).start(); });
}
void fills_all_disks(World& world) {
  const auto set_full = [&world](bool full) {
    for (std::size_t each = 1; each < world.size(); ++each) world.peer(each).disk().set_full(full);
  };
  world.at(1s, [set_full] { set_full(true); });
  world.at(6s, [set_full] { set_full(false); });
}

// All must be done within so many times kLinkSeconds and the time that the misfortune lasts; and the seed may send so
// many copies of the content.
struct Scenario {
  std::string name;
  std::vector<PeerSpec> peers;
  Misfortune misfortune = nothing;
  double links_max = 1.3;
  Duration lasts{0};
  double copies_max = 1.5;
  std::uint32_t loss_percent = 0;
};

std::vector<Scenario> scenarios() {
  const LinkSpec slow{.up = 500'000, .down = 1'000'000, .latency = 20ms};
  const std::vector<HostId> the_seed{HostId{0}};
  const std::vector<HostId> half{HostId{1}, HostId{2}, HostId{3}, HostId{4}};
  return {
      {"one fetcher", swarm(1, 1), nothing, 1.03, 0s, 1.02},
      {"eight fetchers", swarm(1, 8)},
      {"two seeds", swarm(2, 8)},
      {"they come one by one", one_by_one(), nothing, 1.3, 4s},
      {"every third datagram is lost", swarm(1, 8), nothing, 1.3, 1s, 1.5, 33},
      {"one is slow", swarm_with({.link = slow}), nothing, 12.5 * 1.05},
      {"one lies", swarm_with_seed_of(Conduct::kLiar)},
      {"one never answers", swarm_with_seed_of(Conduct::kMute), nothing, 1.3, 2s},
      {"one refuses all", swarm_with_seed_of(Conduct::kRefuser)},
      {"one is busy every other time", swarm_with_seed_of(Conduct::kMoody)},
      {"half of them are parted from the seed", swarm(1, 8), parts(half, 5s), 1.3, 5s, 1.8},
      {"the seed is parted from all until connections end", swarm(1, 8), parts(the_seed, 15s), 1.3, 15s},
      {"all connections break each second", swarm(1, 8), cuts_all_each_second, 1.5},
      {"each is killed once and comes back", swarm(1, 8), kills_one_after_the_other, 1.3, 2s, 1.7},
      {"the seed loses power", swarm(1, 8), takes_the_seeds_power, 1.3, 10s},
      {"all disks are full for a while", swarm(1, 8), fills_all_disks, 1.3, 5s + essaim::swarm::kDiskRest},
  };
}

TEST(Scenarios, EveryDownloadEndsInTimeAndTheSeedSendsLittleTwice) {
  for (const Scenario& each : scenarios()) {
    SCOPED_TRACE(each.name);
    World world({.size = kSize, .peers = each.peers, .datagram_loss_percent = each.loss_percent, .care = Care::kNone});
    each.misfortune(world);
    const auto took = world.run(1h);
    ASSERT_TRUE(took.has_value());
    EXPECT_LE(seconds(*took), each.links_max * kLinkSeconds + seconds(each.lasts));
    EXPECT_LE(world.copies_sent(0), each.copies_max);
    world.check_invariants();
  }
}

// What nobody has can't be had; but everybody gets all that anybody has, and the rest when the seed is back.
TEST(Scenarios, WhenTheSeedLeavesTheOthersShareAllThatItGaveThem) {
  World world({.size = kSize, .peers = swarm(1, 8), .care = Care::kNone});
  ASSERT_TRUE(world.run_until([&world] { return world.progress() >= 0.3; }, 1h));
  world.peer(0).stop();
  const Duration left_at = world.elapsed();
  std::uint32_t among_them = 0;
  for (std::uint32_t chunk = 0; chunk < kChunks; ++chunk) {
    bool held = false;
    for (std::size_t each = 1; each < world.size(); ++each) held |= world.peer(each).holds(content::ChunkIndex{chunk});
    among_them += held ? 1 : 0;
  }
  const auto all_have_it = [&] {
    for (std::size_t each = 1; each < world.size(); ++each) {
      if (world.peer(each).chunks_held() < among_them) return false;
    }
    return true;
  };
  EXPECT_TRUE(world.run_until(all_have_it, left_at + 2s));
  ASSERT_FALSE(world.all_finished());
  EXPECT_EQ(world.peer(1).fetcher()->download().stalled(), essaim::swarm::StallReason::kNobodyHas);
  world.at(60s, [&world] { world.peer(0).start(); });
  const auto took = world.run(1h);
  ASSERT_TRUE(took.has_value());
  EXPECT_LE(seconds(*took), 60 + 1.3 * kLinkSeconds);
}

}  // namespace
}  // namespace essaim::sim
