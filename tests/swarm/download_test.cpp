#include "swarm/download.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "download_driver.hpp"

namespace essaim::swarm {
namespace {

TEST(Download, OfNothingIsDone) {
  Driver driver({});
  EXPECT_TRUE(driver.download.done());
  EXPECT_TRUE(driver.step().empty());
  EXPECT_EQ(driver.download.next_deadline(), std::nullopt);
  EXPECT_EQ(driver.download.stalled(), std::nullopt);
}

TEST(Download, FinishesEmptyItemsAtOnce) {
  Driver driver(items_of({0, 5, 0}));
  driver.step();
  EXPECT_EQ(driver.finished, (std::vector{ItemIndex{0}, ItemIndex{2}}));
  EXPECT_EQ(driver.download.progress(kStart).items_done, 2U);
  EXPECT_FALSE(driver.download.done());
}

TEST(Download, AsksForAOneChunkItemWithoutAManifest) {
  Driver driver(items_of({kChunk}));
  const SourceId source = driver.add(1);
  EXPECT_EQ(driver.step().size(), 1U);
  driver.deliver(driver.request(source, chunk_of(0, 0)));
  EXPECT_TRUE(driver.download.done());
  driver.step();
  EXPECT_EQ(driver.finished, std::vector{ItemIndex{0}});
}

TEST(Download, AsksForTheManifestBeforeTheChunks) {
  Driver driver(items_of({kChunk + 1}));
  driver.add(1);
  const std::vector<Action> actions = driver.step();
  ASSERT_EQ(actions.size(), 1U);
  const AskManifest& ask = std::get<AskManifest>(actions.front());
  EXPECT_EQ(ask.first, 0U);
  EXPECT_EQ(ask.count, 2U);
  driver.deliver_manifest(ask.request);
  driver.step();
  EXPECT_EQ(driver.chunks.size(), 2U);
}

TEST(Download, AsksForALongManifestInRangesOfOneSource) {
  constexpr std::uint64_t kChunks = 2 * std::uint64_t{kLeavesPerAskMax} + 1;
  Driver driver(items_of({kChunks * content::kChunkBytesMax}));
  driver.add(1);
  driver.add(2);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
  std::set<SourceId> asked;
  for (int i = 0; i < 3; ++i) {
    const std::vector<Action> actions = driver.download.take_actions(kStart);
    ASSERT_EQ(actions.size(), 1U);
    const AskManifest& ask = std::get<AskManifest>(actions.front());
    ranges.emplace_back(ask.first, ask.count);
    asked.insert(ask.source);
    driver.download.on_manifest(ask.request, kStart);
  }
  EXPECT_EQ(asked.size(), 1U);
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> expected{
      {0, kLeavesPerAskMax}, {kLeavesPerAskMax, kLeavesPerAskMax}, {2 * kLeavesPerAskMax, 1}};
  EXPECT_EQ(ranges, expected);
  EXPECT_TRUE(std::holds_alternative<AskChunk>(driver.download.take_actions(kStart).front()));
}

TEST(Download, TakesAtMostHalfOfTheRequestsForManifests) {
  Driver driver(std::vector<Item>(1000, Item{.id = {}, .size = kChunk + 1}));
  driver.add(1);
  driver.step();
  EXPECT_EQ(driver.manifests.size(), kManifestsInFlightMax);
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

TEST(Download, NeverAsksManifestsOfASourceThatGivesNone) {
  Driver driver(items_of({kChunk + 5, 5}));
  driver.add(1, {.claim = Claim::kAll, .manifests = Manifests::kNone});
  driver.step();
  EXPECT_TRUE(driver.manifests.empty());
  EXPECT_EQ(driver.chunks.size(), 1U);
  driver.download.mark_manifest_known(ItemIndex{0});
  driver.step();
  EXPECT_EQ(driver.chunks.size(), 3U);
}

TEST(Download, SpreadsChunksOverAllSourcesWithoutDuplicates) {
  Driver driver(items_of({64 * kChunk}));
  const SourceId one = driver.add(1);
  const SourceId two = driver.add(2);
  driver.deliver_manifests();
  std::set<ChunkRef> all = driver.asked_of(one);
  const std::set<ChunkRef> other = driver.asked_of(two);
  EXPECT_EQ(all.size(), kWindowStartBytes / kChunk);
  EXPECT_EQ(other.size(), kWindowStartBytes / kChunk);
  all.insert(other.begin(), other.end());
  EXPECT_EQ(all.size(), driver.chunks.size());
}

TEST(Download, AsksOnlyForWhatASourceHolds) {
  Driver driver(items_of({4 * kChunk, 100}));
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId source = driver.add(1, {.claim = Claim::kNone});
  driver.step();
  EXPECT_TRUE(driver.chunks.empty());
  EXPECT_EQ(driver.download.stalled(), StallReason::kNobodyHas);
  driver.have(source, {chunk_of(0, 2), chunk_of(0, 99)});
  driver.step();
  EXPECT_EQ(driver.asked_of(source), std::set{chunk_of(0, 2)});
  driver.download.on_have_whole(source, ItemIndex{1}, driver.now);
  driver.step();
  EXPECT_EQ(driver.asked_of(source), (std::set{chunk_of(0, 2), chunk_of(1, 0)}));
}

TEST(Download, PrefersWhatFewestHold) {
  Driver driver(items_of({64 * kChunk, kChunk}));
  const SourceId whole = driver.add_quick(3);
  driver.download.mark_manifest_known(ItemIndex{0});
  // Nothing is asked of those who hold nothing else; they make chunks 0 … 59 common.
  for (std::uint32_t number = 1; number <= 2; ++number) {
    const SourceId partial = driver.add(number, {.claim = Claim::kNone, .requests_max = 1});
    for (std::uint32_t chunk = 0; chunk < 60; ++chunk) driver.have(partial, {chunk_of(0, chunk)});
  }
  driver.step();
  const std::set<ChunkRef> asked = driver.asked_of(whole);
  for (std::uint32_t rare = 60; rare < 64; ++rare) EXPECT_TRUE(asked.contains(chunk_of(0, rare))) << rare;
}

TEST(Download, ReadsSequentiallyWhenToldTo) {
  Driver driver(items_of({kChunk, 100 * kChunk}), {.order = Order::kSequential});
  driver.download.mark_manifest_known(ItemIndex{1});
  const SourceId source = driver.add(1);
  driver.step();
  std::set<ChunkRef> expected{chunk_of(0, 0)};
  for (std::uint32_t chunk = 0; chunk < kWindowStartBytes / kChunk - 1; ++chunk) expected.insert(chunk_of(1, chunk));
  EXPECT_EQ(driver.asked_of(source), expected);
}

TEST(Download, TakesTheLongestListAndAsksForNoMoreThanAWindowOfIt) {
  Download download(std::vector<Item>(kItemsMax, Item{.id = {}, .size = 1}), {}, 1);
  download.on_source_added(SourceId{1}, {.claim = Claim::kAll}, kStart);
  EXPECT_EQ(download.take_actions(kStart).size(), kRequestsInFlightMax);
}

TEST(Download, OpensWhatOnlyALateSourceHolds) {
  Driver driver(std::vector<Item>(40'000, Item{.id = {}, .size = 1}), {.order = Order::kSequential});
  const SourceId source = driver.add(1, {.claim = Claim::kNone});
  EXPECT_TRUE(driver.download.take_actions(driver.now).empty());
  driver.have(source, {chunk_of(39'999, 0)});
  const std::vector<Action> actions = driver.download.take_actions(driver.now);
  ASSERT_EQ(actions.size(), 1U);
  EXPECT_EQ(std::get<AskChunk>(actions.front()).chunk, chunk_of(39'999, 0));
}

TEST(Download, AsksForAllManifestsAlsoOfASourceThatCanGiveNothingElse) {
  constexpr std::uint32_t kItems = kManifestsInFlightMax + 50;
  Driver driver(std::vector<Item>(kItems, Item{.id = {}, .size = 2 * kChunk}));
  const SourceId source = driver.add(1, {.claim = Claim::kNone});
  for (std::uint32_t item = 0; item < kItems; ++item) {
    driver.download.mark_have(chunk_of(item, 0));
    driver.have(source, {chunk_of(item, 0)});
  }
  driver.step();
  EXPECT_EQ(driver.manifests.size(), kManifestsInFlightMax);
  driver.deliver_manifest(driver.manifests.begin()->first);
  driver.step();
  EXPECT_EQ(driver.manifests.size(), kManifestsInFlightMax);
}

TEST(Download, PausesWithoutLosingWhatIsInFlight) {
  Driver driver(items_of({64 * kChunk}));
  const SourceId source = driver.add(1);
  driver.deliver_manifests();
  driver.download.pause();
  while (!driver.chunks.empty()) driver.deliver(driver.first_at(source));
  EXPECT_TRUE(driver.step().empty());
  EXPECT_EQ(driver.download.stalled(), StallReason::kPaused);
  EXPECT_EQ(driver.download.progress(driver.now).bytes_verified, kWindowStartBytes);
  driver.download.resume();
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

TEST(Download, ResumesFromWhatIsOnTheDisk) {
  Driver driver(items_of({3 * kChunk, 2 * kChunk, 100}));
  driver.download.mark_item_done(ItemIndex{2});
  driver.download.mark_have(chunk_of(0, 1));
  driver.download.mark_have(chunk_of(0, 1));
  driver.download.mark_have(chunk_of(0, 77));
  driver.download.mark_have(chunk_of(1, 0));
  driver.download.mark_have(chunk_of(1, 1));
  driver.download.mark_manifest_known(ItemIndex{0});
  driver.download.mark_manifest_known(ItemIndex{1});
  const SourceId source = driver.add(1);
  driver.step();
  EXPECT_EQ(driver.finished, std::vector{ItemIndex{1}}) << "whole on the disk, but not finished";
  EXPECT_EQ(driver.asked_of(source), (std::set{chunk_of(0, 0), chunk_of(0, 2)}));
  EXPECT_EQ(driver.download.progress(driver.now).bytes_verified, 3 * kChunk + 100);
  driver.download.mark_have(chunk_of(0, 2));
  driver.step();
  EXPECT_EQ(driver.cancelled.size(), 1U) << "no longer wanted";
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

TEST(Download, FetchesAgainWhatWasLost) {
  Driver driver(items_of({4 * kChunk, 0}));
  driver.add(1);
  driver.deliver_all();
  ASSERT_TRUE(driver.download.done());
  driver.download.mark_item_lost(ItemIndex{0});
  driver.download.mark_item_lost(ItemIndex{1});
  EXPECT_FALSE(driver.download.done());
  EXPECT_EQ(driver.download.progress(driver.now).bytes_verified, 0U);
  driver.deliver_manifests();
  driver.deliver(driver.chunks.begin()->first);
  driver.download.mark_item_lost(ItemIndex{0});  // while under way
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
  EXPECT_EQ(driver.download.progress(driver.now).bytes_verified, 4 * kChunk);
  EXPECT_EQ(std::ranges::count(driver.finished, ItemIndex{0}), 2);
  EXPECT_EQ(std::ranges::count(driver.finished, ItemIndex{1}), 2);
}

TEST(Download, KeepsItsRateLimit) {
  Driver driver(items_of({64 * kChunk}), {.bytes_per_second = 1 * kMiB});
  driver.add(1);
  while (!driver.download.done()) {
    driver.deliver_manifests();
    while (!driver.chunks.empty()) driver.deliver(driver.chunks.begin()->first);
    driver.step();
    EXPECT_EQ(driver.download.stalled(), std::nullopt);
    if (const auto deadline = driver.download.next_deadline()) driver.now = std::max(driver.now, *deadline);
  }
  EXPECT_GE(driver.now, kStart + 15s);
  EXPECT_LE(driver.now, kStart + 17s);
}

TEST(Download, BoundsItsSources) {
  Driver driver(items_of({kChunk}));
  for (std::uint32_t number = 0; number < kSourcesMax; ++number) driver.add(number);
  driver.step();
  EXPECT_TRUE(driver.dropped.empty());
  driver.add(kSourcesMax);
  driver.step();
  EXPECT_EQ(driver.dropped, (std::vector{DropSource{SourceId{kSourcesMax}, DropReason::kTooMany}}));
  driver.lose(SourceId{3});
  driver.add(kSourcesMax);
  driver.step();
  EXPECT_EQ(driver.dropped.size(), 1U) << "it may come back when there is room";
}

TEST(Download, TellsWhoGaveWhat) {
  Driver driver(items_of({4 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId one = driver.add(1, {.claim = Claim::kAll, .requests_max = 1});
  const SourceId two = driver.add(2);
  driver.step();
  driver.now += 10ms;
  driver.deliver(driver.first_at(one));
  driver.lose(one);
  driver.deliver_all();
  const Progress progress = driver.download.progress(driver.now);
  ASSERT_EQ(progress.sources.size(), 2U);
  EXPECT_EQ(progress.sources[0].source, one);
  EXPECT_EQ(progress.sources[0].bytes, kChunk);
  EXPECT_EQ(progress.sources[1].source, two);
  EXPECT_EQ(progress.sources[1].bytes, 3 * kChunk);
  EXPECT_EQ(progress.bytes_total, 4 * kChunk);
  EXPECT_EQ(progress.items_done, 1U);
  EXPECT_GT(progress.bytes_per_second, 0U);
}

TEST(Download, SaysWhyItStands) {
  Driver driver(items_of({kChunk}));
  driver.step();
  EXPECT_EQ(driver.download.stalled(), StallReason::kNoSources);
  driver.add(1);
  driver.step();
  EXPECT_EQ(driver.download.stalled(), std::nullopt);
  EXPECT_FALSE(to_string(StallReason::kNoSources).empty());
}

}  // namespace
}  // namespace essaim::swarm
