// Reading while it comes.
#include <gtest/gtest.h>

#include "download_driver.hpp"
#include "small_network.hpp"

namespace essaim::swarm {
namespace {

constexpr ReaderId kReader{1};

TEST(DownloadReading, AsksForWhatIsReadNextBeforeAllElse) {
  Driver driver(items_of({100 * kChunk, kChunk}));
  driver.add_quick(1);
  driver.download.mark_manifest_known(ItemIndex{0});
  driver.download.set_reading(kReader, chunk_of(0, 40));
  std::vector<ChunkRef> asked;
  for (const Action& action : driver.step()) {
    if (const auto* ask = std::get_if<AskChunk>(&action)) asked.push_back(ask->chunk);
  }
  ASSERT_GT(asked.size(), kReadAheadChunksMin) << "others too, to fill the window";
  for (std::uint32_t each = 0; each < kReadAheadChunksMin; ++each) EXPECT_EQ(asked[each], chunk_of(0, 40 + each));
}

TEST(DownloadReading, FollowsASeek) {
  Driver driver(items_of({100 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId source = driver.add(1, {.claim = Claim::kAll, .requests_max = 1});
  for (const std::uint32_t position : {80U, 3U, 99U}) {
    driver.download.set_reading(kReader, chunk_of(0, position));
    driver.step();
    if (!driver.asked_of(source).contains(chunk_of(0, position))) driver.deliver(driver.first_at(source));
    driver.step();
    EXPECT_EQ(driver.asked_of(source), std::set{chunk_of(0, position)});
  }
  driver.download.set_reading(kReader, chunk_of(0, 100));  // the end
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

TEST(DownloadReading, OpensAnItemWhoseTurnHasNotCome) {
  Driver driver(std::vector<Item>(40'000, Item{.id = {}, .size = 1}), {.order = Order::kSequential});
  const SourceId source = driver.add(1, {.claim = Claim::kAll, .requests_max = 1});
  driver.download.set_reading(kReader, chunk_of(39'999, 0));
  driver.step();
  EXPECT_EQ(driver.asked_of(source), std::set{chunk_of(39'999, 0)});
}

TEST(DownloadReading, LeavesWhatIsDueToTheSoonestAndTakesWhatIsNotFromTheOthers) {
  Driver driver(items_of({100 * kChunk, kChunk}));
  const SourceId quick = driver.add_quick(1);
  driver.download.mark_manifest_known(ItemIndex{0});
  // As quick as it is, it takes all of the window; the newcomer, of whom nothing is known, what comes later.
  const SourceId unknown = driver.add(2);
  driver.download.set_reading(kReader, chunk_of(0, 10));
  driver.step();
  for (std::uint32_t each = 0; each < kReadAheadChunksMin; ++each) {
    EXPECT_TRUE(driver.asked_of(quick).contains(chunk_of(0, 10 + each)));
  }
  EXPECT_FALSE(driver.asked_of(unknown).empty());
}

TEST(DownloadReading, RacesWhatIsReadNextWhenItIsLate) {
  Driver driver(items_of({1000 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId stalls = driver.add(1, {.claim = Claim::kAll, .requests_max = 4});
  const SourceId good = driver.add(2, {.claim = Claim::kAll, .requests_max = 4});
  std::uint32_t position = 0;
  const auto read_on = [&] {
    while (driver.download.has(chunk_of(0, position))) ++position;
    driver.download.set_reading(kReader, chunk_of(0, position));
  };
  const auto go_on = [&](Duration time, const std::set<SourceId>& who) {
    for (const Instant end = driver.now + time; driver.now < end;) {
      driver.now += 10ms;
      for (const SourceId each : who) {
        if (!driver.asked_of(each).empty()) driver.deliver(driver.first_at(each));
      }
      read_on();
      driver.step();
    }
  };
  read_on();
  driver.step();
  go_on(1s, {stalls, good});
  const std::uint32_t before = position;
  EXPECT_GT(before, 100U);
  go_on(600ms, {good});
  EXPECT_GT(position, before + 20) << "well before anything is overdue";
  go_on(2s, {good});
  EXPECT_GT(position, before + 200);
}

// The longest time that a reader, who takes whatever comes at once, waits for the next chunk after its first second.
struct Pauses {
  Duration longest{};
  Duration total{};
};
Pauses read_all(std::vector<Behaviour> sources) {
  constexpr std::uint64_t kBytes = 100 * kMiB;
  SmallNetwork network({Item{.id = {}, .size = kBytes}}, std::move(sources), 1);
  std::uint32_t position = 0;
  Pauses pauses;
  std::optional<Instant> moved;
  network.watch = [&](Instant now) {
    const std::uint32_t before = position;
    while (network.download.has(chunk_of(0, position))) ++position;
    network.download.set_reading(kReader, chunk_of(0, position));
    if (position == before && moved) pauses.longest = std::max<Duration>(pauses.longest, now - *moved);
    if (position != before) moved = now;
  };
  const auto took = network.run(100s);
  EXPECT_TRUE(took);
  pauses.total = took.value_or(100s);
  return pauses;
}

TEST(DownloadReading, NeverWaitsLongWhateverOneOfTheSourcesDoes) {
  const Behaviour good{};  // 10 MiB/s
  struct Case {
    std::string name;
    std::vector<Behaviour> sources;
    Duration longest;
    Duration total;
  };
  const std::vector<Case> cases{
      {"one source", {good}, 50ms, 10'300ms},
      {"two", {good, good}, 100ms, 5'300ms},
      {"one crawls", {good, {.bytes_per_second = 100 * kKiB}}, 500ms, 11s},
      {"one is ten times slower", {good, {.bytes_per_second = 1 * kMiB}}, 400ms, 10s},
      {"one stalls", {good, {.stalls_at = 2s}}, 700ms, 9s},
      {"one of three stalls", {good, good, {.stalls_at = 1s}}, 500ms, 5s},
      {"two of three stall", {good, {.stalls_at = 1s}, {.stalls_at = 1500ms}}, 1s, 9'500ms},
      {"one stalls and comes back", {good, {.stalls_at = 2s, .recovers_at = 4s}}, 700ms, 7s},
      {"one leaves", {good, {.leaves_at = 2s}}, 200ms, 8'300ms},
      {"one lies", {good, {.lies_every = 10}}, 300ms, 10s},
  };
  for (const Case& each : cases) {
    const Pauses pauses = read_all(each.sources);
    EXPECT_LE(pauses.longest, each.longest) << each.name;
    EXPECT_LE(pauses.total, each.total) << each.name;
  }
}

}  // namespace
}  // namespace essaim::swarm
