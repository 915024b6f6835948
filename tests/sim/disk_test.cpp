// The simulated disk loses what it may lose, and nothing else.
#include "sim/disk.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::sim {
namespace {

TEST(EveryChoice, VisitsEverySequenceOnce) {
  EveryChoice choices;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  int rounds = 0;
  do {
    const std::uint64_t first = choices.choose(3);
    const std::uint64_t second = first == 0 ? 9 : choices.choose(2);  // what there is to choose may depend on before
    seen.emplace(first, second);
    ++rounds;
  } while (choices.next_round());
  EXPECT_EQ(rounds, 5);
  EXPECT_EQ(seen.size(), 5U);
}

TEST(Disk, KeepsWhatIsSyncedAndAnythingElseInAnyState) {
  std::set<Disk::Chunk> fates;
  EveryChoice fate;
  do {
    Disk disk(2);
    ASSERT_TRUE(disk.write(0));
    const Disk::Chunks begun = disk.begin_sync();
    ASSERT_TRUE(disk.write(1));
    disk.end_sync(begun);
    disk.lose_power(fate);
    EXPECT_EQ(disk.read(0), Disk::Chunk::kIntact);
    fates.insert(disk.read(1));
  } while (fate.next_round());
  EXPECT_EQ(fates, (std::set{Disk::Chunk::kHole, Disk::Chunk::kIntact, Disk::Chunk::kTorn}));
}

TEST(Disk, KeepsAnyVersionOfTheJournalSinceTheLastThatIsDurable) {
  std::set<std::size_t> sizes;
  EveryChoice fate;
  do {
    Disk disk(3);
    disk.write_journal({.chunks = std::vector<bool>(1)});
    disk.sync_journal();
    disk.write_journal({.chunks = std::vector<bool>(2)});
    disk.write_journal({.chunks = std::vector<bool>(3)});
    disk.lose_power(fate);
    sizes.insert(disk.journal()->chunks.size());
  } while (fate.next_round());
  EXPECT_EQ(sizes, (std::set<std::size_t>{1, 2, 3}));
}

TEST(Disk, TakesNothingWhileItIsFull) {
  Disk disk(1);
  disk.set_full(true);
  EXPECT_FALSE(disk.write(0));
  EXPECT_EQ(disk.read(0), Disk::Chunk::kHole);
  disk.set_full(false);
  EXPECT_TRUE(disk.write(0));
}

}  // namespace
}  // namespace essaim::sim
