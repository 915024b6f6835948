// The last chunks.
#include <iterator>

#include <gtest/gtest.h>

#include "download_driver.hpp"
#include "swarm/download.hpp"

namespace essaim::swarm {
namespace {

TEST(DownloadEndgame, RacesTheLastChunksOfASlowSourceAndCancelsTheLoser) {
  Driver driver(items_of({8 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId slow = driver.add(1, {.claim = Claim::kAll, .requests_max = 1});
  driver.step();
  const ChunkRef last = driver.chunks.begin()->second.chunk;
  const SourceId fast = driver.add(2);
  driver.step();
  for (driver.now += 10ms; !driver.asked_of(fast).empty(); driver.now += 2ms) {
    driver.deliver(driver.first_at(fast));
    driver.step();
  }
  driver.step_at(kStart + 600ms);
  EXPECT_EQ(driver.asked_of(fast), std::set{last}) << "well before it is overdue";
  const RequestId loser = driver.request(slow, last);
  driver.deliver(driver.request(fast, last));
  driver.step();
  EXPECT_EQ(driver.cancelled, std::vector{loser});
  EXPECT_TRUE(driver.download.done());
}

TEST(DownloadEndgame, RacesOnlyForAGainWorthIt) {
  Driver driver(items_of({kChunk}));
  driver.add(1);
  driver.step();
  driver.add(2);
  // Both are unknown, so an answer is expected after 250 ms; late by x, it is expected to take x more.
  for (Duration after = 10ms; after < 740ms; after += 10ms) driver.step_at(kStart + after);
  EXPECT_EQ(driver.chunks.size(), 1U) << "the newcomer would need more than half of the time";
  driver.step_at(kStart + 751ms + kRaceInterval);
  EXPECT_EQ(driver.chunks.size(), 2U);
}

// All sources are quick; then source 1 falls silent with one request in flight, and all but that chunk come.
Driver waiting_for_the_last_chunk(std::uint32_t others) {
  Driver driver(items_of({100 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  for (std::uint32_t number = 1; number <= 1 + others; ++number) {
    driver.add(number, {.claim = Claim::kAll, .requests_max = 4});
  }
  driver.step();
  for (int delivered = 0; delivered < 50; ++delivered) {
    driver.now += 2ms;
    driver.deliver(driver.chunks.begin()->first);
    driver.step();
  }
  const RequestId kept = driver.first_at(SourceId{1});
  while (driver.chunks.size() > 1) {
    driver.now += 2ms;
    const auto oldest = driver.chunks.begin();
    driver.deliver(oldest->first == kept ? std::next(oldest)->first : oldest->first);
    driver.step();
  }
  return driver;
}

TEST(DownloadEndgame, RacesWithAtMostTwoOthers) {
  Driver driver = waiting_for_the_last_chunk(4);
  const Instant begin = driver.now;
  for (Duration after = 10ms; after < 1s; after += 10ms) driver.step_at(begin + after);
  EXPECT_EQ(driver.chunks.size(), 1U + kRacersMax);
}

TEST(DownloadEndgame, DoesNotRaceForLessThanTheLeastGain) {
  Driver driver(items_of({100 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId slow = driver.add(1, {.claim = Claim::kAll, .requests_max = 1});
  const SourceId fast = driver.add(2, {.claim = Claim::kAll, .requests_max = 8});
  driver.step();
  Instant asked{};
  while (!driver.asked_of(fast).empty()) {
    driver.now += 2ms;
    driver.deliver(driver.first_at(fast));
    if (driver.now == kStart + 80ms) {
      driver.deliver(driver.first_at(slow));
      asked = driver.now;
    }
    driver.step();
  }
  // The slow one is known to take 80 ms and a round trip of 80 ms; the fast one a few.
  ASSERT_LT(driver.now, asked + 130ms);
  while (driver.now < asked + 160ms + kRaceGainMin) {
    EXPECT_EQ(driver.chunks.size(), 1U);
    driver.step_at(driver.now + 1ms);
  }
  driver.step_at(asked + 160ms + 2 * kRaceGainMin + kRaceInterval);
  EXPECT_EQ(driver.chunks.size(), 2U);
}

TEST(DownloadEndgame, DoesNotRaceAmongSourcesThatAreInTime) {
  Driver driver(items_of({40 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  driver.add(1);
  driver.add(2);
  driver.step();
  std::size_t asked = driver.chunks.size();
  while (!driver.chunks.empty()) {
    driver.now += 2ms;
    driver.deliver(driver.chunks.begin()->first);
    for (const Action& action : driver.step()) asked += std::holds_alternative<AskChunk>(action) ? 1 : 0;
  }
  EXPECT_TRUE(driver.download.done());
  EXPECT_EQ(asked, 40U);
}

}  // namespace
}  // namespace essaim::swarm
