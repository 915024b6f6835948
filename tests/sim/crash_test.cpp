// A small transfer that is interrupted at every one of its steps, in every way that its disk allows.
#include <cstdint>
#include <functional>

#include <gtest/gtest.h>

#include "sim/world.hpp"

namespace essaim::sim {
namespace {

constexpr std::uint32_t kChunks = 4;
constexpr Duration kTimeMax = 30s;

// So slow that there are checkpoints on the way.
WorldSpec one_seed_one_fetcher() {
  constexpr LinkSpec kSlow{.up = 1'000'000, .down = 1'000'000};
  return {.size = kChunks * content::kChunkBytesMin - 1,
          .peers = {{.role = Role::kSeed, .link = kSlow}, {.link = kSlow}}};
}

// Makes so many steps; false when all is done before.
bool make_steps(World& world, std::uint64_t steps) {
  for (std::uint64_t step = 0; step < steps; ++step) {
    if (world.all_finished() || !world.clock.step()) return false;
  }
  return !world.all_finished();
}

// Interrupts the peer after 0, 1, 2 … steps until there are no more. Each time it begins again, and all must come to
// its end. Answers how many runs there were.
std::uint64_t interrupt_at_every_step(std::size_t index, const std::function<void(Peer&, Choices&)>& interrupt) {
  std::uint64_t runs = 0;
  for (std::uint64_t steps = 0;; ++steps) {
    EveryChoice fate;
    do {
      World world(one_seed_one_fetcher());
      if (!make_steps(world, steps)) return runs;
      ++runs;
      Peer& peer = world.peer(index);
      interrupt(peer, fate);
      world.check_invariants();
      world.clock.after(1s, [&peer] { peer.start(); });
      EXPECT_TRUE(world.run(kTimeMax).has_value()) << "interrupted after " << steps << " steps";
      world.check_invariants();
    } while (fate.next_round() && !::testing::Test::HasFailure());
    if (::testing::Test::HasFailure()) return runs;
  }
}

const auto kLosePower = [](Peer& peer, Choices& fate) { peer.lose_power(fate); };

TEST(Crash, TheFetcherMayLosePowerAtEveryStepWhateverItsDiskKeeps) {
  EXPECT_GT(interrupt_at_every_step(1, kLosePower), 1000U);
}

TEST(Crash, TheFetcherMayBeKilledAtEveryStep) {
  EXPECT_GT(interrupt_at_every_step(1, [](Peer& peer, Choices&) { peer.kill(); }), 50U);
}

TEST(Crash, TheFetcherMayBeStoppedAtEveryStep) {
  EXPECT_GT(interrupt_at_every_step(1, [](Peer& peer, Choices&) { peer.stop(); }), 50U);
}

TEST(Crash, TheSeedMayLosePowerAtEveryStep) { EXPECT_GT(interrupt_at_every_step(0, kLosePower), 50U); }

// What a clean stop wrote down is believed, so nothing that came before it may be asked for again.
TEST(Crash, NothingIsFetchedTwiceAfterACleanStop) {
  for (std::uint64_t steps = 0;; ++steps) {
    World world(one_seed_one_fetcher());
    if (!make_steps(world, steps)) break;
    Peer& peer = world.peer(1);
    const std::uint32_t held = peer.chunks_held();
    peer.stop();
    const std::uint64_t sent = world.network.bytes_sent(HostId{0});
    world.clock.after(1s, [&peer] { peer.start(); });
    ASSERT_TRUE(world.run(kTimeMax).has_value());
    constexpr std::uint64_t kMessages = 16 * kKiB;
    EXPECT_LE(world.network.bytes_sent(HostId{0}) - sent,
              (kChunks - held) * std::uint64_t{content::kChunkBytesMin} + kMessages)
        << "stopped after " << steps << " steps";
  }
}

}  // namespace
}  // namespace essaim::sim
