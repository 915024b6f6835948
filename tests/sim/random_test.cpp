// Many small swarms, each with its own misfortunes. What the peers check of themselves at every step is in
// Peer::check_invariants(); a failure names the seed, and the seed is the whole run.
#include <string>

#include <gtest/gtest.h>

#include "sim/random_world.hpp"
#include "sim/seeds.hpp"

namespace essaim::sim {
namespace {

// Nothing disturbs any more after kFaultsEnd + kFaultTimeMax; from then on all is done within this time.
constexpr Duration kSettleTimeMax = 60s;

TEST(RandomWorlds, EverybodyHasEverythingSoonAfterTheLastFault) {
  const std::uint64_t end = first_seed() + seeds_wanted();
  for (std::uint64_t seed = first_seed(); seed < end && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomWorld random(seed);
    World& world = random.world();
    EXPECT_TRUE(world.run(kFaultsEnd + kFaultTimeMax + kSettleTimeMax).has_value());
    world.check_invariants();
    for (std::size_t each = 0; each < world.size(); ++each) {
      if (world.peer(each).fetcher() == nullptr) continue;
      for (const auto& [host, reason] : world.peer(each).fetcher()->dropped()) {
        EXPECT_NE(world.peer(std::to_underlying(host)).spec().conduct, Conduct::kHonest) << to_string(reason);
      }
    }
  }
}

TEST(RandomWorlds, OneSeedIsOneExactRun) {
  const std::uint64_t end = first_seed() + seeds_wanted() / 10;
  for (std::uint64_t seed = first_seed(); seed < end; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomWorld one(seed);
    RandomWorld same(seed);
    EXPECT_EQ(one.world().run(1h), same.world().run(1h));
    EXPECT_EQ(one.world().network.trace(), same.world().network.trace());
  }
  RandomWorld one(1);
  RandomWorld other(2);
  (void)one.world().run(1h);
  (void)other.world().run(1h);
  EXPECT_NE(one.world().network.trace(), other.world().network.trace());
}

}  // namespace
}  // namespace essaim::sim
