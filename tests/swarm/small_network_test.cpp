// Whole downloads from good and bad sources, in virtual time.
#include "small_network.hpp"

#include <string>

#include <gtest/gtest.h>

namespace essaim::swarm {
namespace {

constexpr std::uint32_t kChunk = 256 * kKiB;

std::vector<Item> files(std::size_t count, std::uint64_t size) {
  return std::vector<Item>(count, Item{.id = {}, .size = size});
}

double seconds(Duration time) { return static_cast<double>(time.count()) / 1e6; }

// Each case says how long the download may take.
struct Case {
  std::string name;
  std::vector<Item> items;
  std::vector<Behaviour> sources;
  double seconds_max = 0;
  double wasted_max = 0.1;  // part of all bytes
};

std::vector<Case> cases() {
  constexpr std::uint64_t kFile = 100 * kMiB;
  const Behaviour good{};  // 10 MiB/s
  const auto even = [](ChunkRef chunk) { return std::to_underlying(chunk.chunk) % 2 == 0; };
  const auto odd = [](ChunkRef chunk) { return std::to_underlying(chunk.chunk) % 2 == 1; };
  const auto nearly_all = [](ChunkRef chunk) { return std::to_underlying(chunk.chunk) % 20 != 0; };
  const auto one_each_10ms = [](ChunkRef chunk) { return Duration(10'000) * std::to_underlying(chunk.chunk); };
  return {
      {"one source", files(1, kFile), {good}, 10.3},
      {"far away", files(1, kFile), {{.latency = 100ms}}, 11.0},
      {"different rates add up",
       files(1, kFile),
       {{.bytes_per_second = 40 * kMiB}, good, {.bytes_per_second = 2 * kMiB}, {.bytes_per_second = 30 * kMiB}},
       100.0 / 82 * 1.2},
      {"one of four crawls", files(1, kFile), {good, good, good, {.bytes_per_second = 1 * kKiB}}, 100.0 / 30 * 1.2},
      {"one of four stalls at 30 %", files(1, kFile), {good, good, good, {.stalls_at = 750ms}}, 100.0 / 30 * 1.2},
      {"one of four leaves at 30 %", files(1, kFile), {good, good, good, {.leaves_at = 750ms}}, 0.75 + 70.0 / 30 * 1.1},
      {"one never says a word", files(1, kFile), {good, {.stalls_at = 0s}}, 10.5},
      {"one joins late", files(1, kFile), {good, {.joins_at = 5s}}, 7.5 * 1.05},
      {"one of three lies now and then", files(1, kFile), {good, good, {.lies_every = 20}}, 5.5},
      {"one of three lies always", files(1, kFile), {good, good, {.lies_every = 1}}, 5.5},
      {"two liars and one honest", files(1, kFile), {{.lies_every = 1}, {.lies_every = 3}, good}, 11},
      {"two halves, nobody has all", files(1, kFile), {{.holds = even}, {.holds = odd}}, 5.5},
      {"the only holder of some is slow",
       files(1, kFile),
       {{.bytes_per_second = 1 * kMiB}, {.bytes_per_second = 50 * kMiB, .holds = nearly_all}},
       5.5},
      {"a neighbour that downloads too",
       files(1, kFile),
       {good, {.holds = nearly_all, .gains_at = one_each_10ms}},
       5.5},
      {"one that is easily busy", files(1, kFile), {{.busy_above = 4}}, 11},
      {"all leave and one comes back with the rest",
       files(1, kFile),
       {{.leaves_at = 3s}, {.leaves_at = 3s}, {.joins_at = 60s}},
       60 + 4 * 1.1 + 1},
      {"all stall and recover", files(1, kFile), {{.stalls_at = 2s, .recovers_at = 40s}}, 50, 0.5},
      {"ten thousand small files", files(10'000, 1000), {{.latency = 20ms}}, 1.5},
      {"ten thousand small files of three",
       files(10'000, 1000),
       {{.latency = 20ms}, {.latency = 20ms}, {.lies_every = 50}},
       1.5},
      {"two thousand files of two chunks",
       files(2'000, kChunk + 1),
       {{.bytes_per_second = 100 * kMiB, .latency = 20ms}},
       6},
      {"alone and very slow", files(1, 4 * kChunk), {{.bytes_per_second = 4 * kKiB}}, 4 * 64 * 1.1},
      {"everybody is very slow",
       files(1, 6 * kChunk),
       {{.bytes_per_second = 6 * kKiB}, {.bytes_per_second = 6 * kKiB}, {.bytes_per_second = 6 * kKiB}},
       4 * 43,
       3.0},
  };
}

TEST(SmallNetwork, EveryDownloadThatCanComesToItsEndInTime) {
  for (const Case& each : cases()) {
    SCOPED_TRACE(each.name);
    SmallNetwork network(each.items, each.sources, 1);
    const auto took = network.run(1h);
    ASSERT_TRUE(took.has_value());
    EXPECT_LE(seconds(*took), each.seconds_max);
    EXPECT_EQ(network.finished, each.items.size());
    const Progress progress = network.download.progress(Instant{});
    EXPECT_EQ(progress.bytes_verified, progress.bytes_total);
    EXPECT_LE(static_cast<double>(network.bytes_wasted), each.wasted_max * static_cast<double>(progress.bytes_total));
    network.download.check_invariants();
  }
}

TEST(SmallNetwork, OnlyLiarsAreDropped) {
  const Behaviour liar{.lies_every = 2};
  SmallNetwork network(files(1, 100 * kMiB), {{}, liar, {}, liar}, 1);
  ASSERT_TRUE(network.run(1h).has_value());
  const std::map<SourceId, DropReason> expected{{SourceId{1}, DropReason::kLiar}, {SourceId{3}, DropReason::kLiar}};
  EXPECT_EQ(network.dropped, expected);
}

TEST(SmallNetwork, TheSameSeedGivesTheSameTrace) {
  for (const Case& each : cases()) {
    SCOPED_TRACE(each.name);
    SmallNetwork one(each.items, each.sources, 7);
    SmallNetwork same(each.items, each.sources, 7);
    EXPECT_EQ(one.run(1h), same.run(1h));
    EXPECT_EQ(one.trace, same.trace);
  }
  SmallNetwork one(files(1, 100 * kMiB), {{}}, 7);
  SmallNetwork other(files(1, 100 * kMiB), {{}}, 8);
  EXPECT_EQ(one.run(1h), other.run(1h));
  EXPECT_NE(one.trace, other.trace);
}

TEST(SmallNetwork, StandsWhenNobodyHasTheRestAndGoesOnWhenSomebodyComes) {
  const auto first_half = [](ChunkRef chunk) { return std::to_underlying(chunk.chunk) < 20; };
  SmallNetwork network(files(1, 40 * kChunk), {{.holds = first_half}, {.joins_at = 500s}}, 1);
  EXPECT_FALSE(network.run(400s).has_value());
  EXPECT_EQ(network.download.stalled(), StallReason::kNobodyHas);
  EXPECT_EQ(network.download.next_deadline(), std::nullopt) << "waiting costs nothing";
  const auto took = network.run(1h);
  ASSERT_TRUE(took.has_value());
  EXPECT_LE(seconds(*took), 501);
}

}  // namespace
}  // namespace essaim::swarm
