#include "swarm/download.hpp"

#include <algorithm>
#include <iterator>

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

TEST(Download, AsksAFailedManifestOfAnotherSourceFromTheBeginning) {
  Driver driver(items_of({10 * kChunk}));
  const SourceId one = driver.add(1);
  const SourceId two = driver.add(2);
  for (const FailReason reason : {FailReason::kBadHash, FailReason::kTimeout}) {
    driver.step();
    ASSERT_EQ(driver.manifests.size(), 1U);
    const AskManifest ask = driver.manifests.begin()->second;
    driver.fail_manifest(ask.request, reason);
    driver.step();
    ASSERT_EQ(driver.manifests.size(), 1U);
    EXPECT_EQ(driver.manifests.begin()->second.source, ask.source == one ? two : one);
    EXPECT_EQ(driver.manifests.begin()->second.first, 0U);
    driver.now += 1s;
  }
}

TEST(Download, CancelsAnOverdueManifestAndAsksAnotherSource) {
  Driver driver(items_of({10 * kChunk}));
  driver.add(1);
  driver.add(2);
  driver.step();
  const AskManifest first = driver.manifests.begin()->second;
  driver.step_at(kStart + kRequestTimeoutMin);
  EXPECT_EQ(driver.cancelled, std::vector{first.request});
  ASSERT_EQ(driver.manifests.size(), 1U);
  EXPECT_NE(driver.manifests.begin()->second.source, first.source);
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
  Driver driver(items_of({2 * kChunk, 5}));
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
  Driver driver(items_of({64 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  // Nothing is asked of those who hold nothing else; they make chunks 0 … 59 common.
  for (std::uint32_t number = 1; number <= 2; ++number) {
    const SourceId partial = driver.add(number, {.claim = Claim::kNone, .requests_max = 1});
    for (std::uint32_t chunk = 0; chunk < 60; ++chunk) driver.have(partial, {chunk_of(0, chunk)});
  }
  const SourceId whole = driver.add(3);
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

TEST(Download, FetchesWhatIsBeingReadFirst) {
  Driver driver(items_of({100 * kChunk}), {.order = Order::kDeadlineWindow});
  driver.download.mark_manifest_known(ItemIndex{0});
  driver.download.set_reading(chunk_of(0, 40), 3);
  const SourceId source = driver.add(1);
  driver.step();
  const std::set<ChunkRef> asked = driver.asked_of(source);
  for (std::uint32_t chunk = 40; chunk < 43; ++chunk) EXPECT_TRUE(asked.contains(chunk_of(0, chunk)));
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

TEST(Download, AsksElsewhereWhenASourceLeaves) {
  Driver driver(items_of({4 * kChunk}));
  const SourceId one = driver.add(1);
  driver.deliver_manifests();
  EXPECT_EQ(driver.asked_of(one).size(), 4U);
  const SourceId two = driver.add(2);
  const RequestId late = driver.first_at(one);
  driver.lose(one);
  driver.step();
  EXPECT_EQ(driver.asked_of(two).size(), 4U);
  driver.download.on_chunk_verified(late, driver.now);
  driver.download.on_chunk_failed(late, FailReason::kClosed, driver.now);
  driver.download.check_invariants();
  EXPECT_EQ(driver.download.progress(driver.now).bytes_verified, 0U) << "reports of forgotten requests are ignored";
}

TEST(Download, OffersAnOverdueChunkToOthersAndTakesTheLateAnswer) {
  Driver driver(items_of({8 * kChunk, 1}));  // nobody has the second item, so there is no endgame
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId silent = driver.add(1, {.claim = Claim::kNone});
  driver.download.on_have_whole(silent, ItemIndex{0}, driver.now);
  driver.step();
  const std::set<ChunkRef> at_silent = driver.asked_of(silent);
  EXPECT_EQ(at_silent.size(), 8U);
  const SourceId other = driver.add(2, {.claim = Claim::kNone});
  driver.download.on_have_whole(other, ItemIndex{0}, driver.now);
  driver.step_at(kStart + kRequestTimeoutMin - Duration(1));
  EXPECT_TRUE(driver.asked_of(other).empty());
  driver.step_at(kStart + kRequestTimeoutMin);
  EXPECT_TRUE(driver.cancelled.empty());
  EXPECT_EQ(driver.asked_of(other), at_silent) << "one silence makes all of them overdue";
  EXPECT_EQ(driver.asked_of(silent), at_silent) << "the first requests stay";
  const ChunkRef chunk = *at_silent.begin();
  const RequestId duplicate = driver.request(other, chunk);
  driver.deliver(driver.request(silent, chunk));
  driver.step();
  EXPECT_EQ(driver.cancelled, std::vector{duplicate});
}

TEST(Download, SnubsASilentSourceUntilItDelivers) {
  Driver driver(items_of({64 * kChunk}));
  const SourceId source = driver.add(1);
  driver.deliver_manifests();
  const std::size_t before = driver.chunks.size();
  driver.now = *driver.download.next_deadline();
  driver.step();
  EXPECT_EQ(driver.download.stalled(), StallReason::kAllSilent);
  EXPECT_EQ(driver.chunks.size(), before) << "nobody else is there, so nothing changes";
  driver.now += 10s;
  driver.deliver(driver.first_at(source));
  driver.step();
  EXPECT_EQ(driver.download.stalled(), std::nullopt);
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

TEST(Download, GivesAnOverdueRequestUpInTheEnd) {
  Driver driver(items_of({kChunk}));
  driver.add(1);
  driver.step();
  const RequestId first = driver.chunks.begin()->first;
  driver.step_at(kStart + kRequestTimeoutMin);
  driver.step_at(kStart + kRequestTimeoutMin + kGiveUpAfterOverdue - Duration(1));
  EXPECT_TRUE(driver.cancelled.empty());
  driver.step_at(kStart + kRequestTimeoutMin + kGiveUpAfterOverdue);
  EXPECT_EQ(driver.cancelled, std::vector{first});
  EXPECT_TRUE(driver.chunks.empty()) << "not before it has rested";
  driver.step_at(driver.now + kRestMin);
  ASSERT_EQ(driver.chunks.size(), 1U) << "nobody else has it, so the same source is asked again";
  EXPECT_NE(driver.chunks.begin()->first, first);
}

TEST(Download, DropsALiarAfterItsLastChance) {
  Driver driver(items_of({64 * kChunk}));
  const SourceId liar = driver.add(1);
  driver.deliver_manifests();
  for (std::uint32_t lie = 1; lie <= kLiesMax; ++lie) {
    EXPECT_TRUE(driver.dropped.empty());
    driver.fail(driver.first_at(liar), FailReason::kBadHash);
    driver.step();
    EXPECT_LT(driver.chunks.size(), kWindowStartBytes / kChunk) << "no more is asked while answers are due";
  }
  EXPECT_EQ(driver.dropped, (std::vector{DropSource{liar, DropReason::kLiar}}));
  EXPECT_TRUE(driver.chunks.empty());
  driver.add(1);
  driver.step();
  EXPECT_EQ(driver.dropped.size(), 2U) << "it does not help to come back";
}

TEST(Download, RemembersLiesAcrossReconnecting) {
  Driver driver(items_of({64 * kChunk}));
  for (std::uint32_t lie = 1; lie <= kLiesMax; ++lie) {
    const SourceId liar = driver.add(1);
    driver.deliver_manifests();
    EXPECT_EQ(driver.chunks.size(), lie == 1 ? kWindowStartBytes / kChunk : 1U);
    driver.fail(driver.first_at(liar), FailReason::kBadHash);
    driver.step();
    if (lie < kLiesMax) driver.lose(liar);
  }
  EXPECT_EQ(driver.dropped.size(), 1U);
}

TEST(Download, TakesAChunkThatAnotherLiedAbout) {
  Driver driver(items_of({kChunk}));
  const SourceId liar = driver.add(1);
  driver.step();
  const SourceId honest = driver.add(2);
  driver.fail(driver.first_at(liar), FailReason::kBadHash);
  driver.step();
  EXPECT_TRUE(driver.asked_of(liar).empty());
  driver.deliver(driver.first_at(honest));
  EXPECT_TRUE(driver.download.done());
}

TEST(Download, ComesBackToASourceWhenEveryHolderHasFailed) {
  Driver driver(items_of({kChunk}));
  const SourceId one = driver.add(1);
  const SourceId two = driver.add(2);
  std::vector<SourceId> order;
  for (int turn = 0; turn < 4; ++turn) {
    driver.step();
    ASSERT_EQ(driver.chunks.size(), 1U);
    order.push_back(driver.chunks.begin()->second.source);
    driver.fail(driver.chunks.begin()->first, FailReason::kTimeout);
    driver.now += kRestMax;
  }
  EXPECT_EQ(order, (std::vector{one, two, one, two}));
}

TEST(Download, ComesBackToASourceWhileTheOtherHolderIsSilent) {
  Driver driver(items_of({kChunk, kChunk}));
  driver.download.mark_item_done(ItemIndex{1});
  const SourceId silent = driver.add(1);
  driver.step_at(kStart);
  driver.step_at(kStart + kRequestTimeoutMin);  // snubbed from here on
  const SourceId other = driver.add(2);
  driver.download.mark_item_lost(ItemIndex{1});
  driver.step();
  EXPECT_FALSE(driver.asked_of(silent).contains(chunk_of(1, 0)));
  driver.fail(driver.request(other, chunk_of(1, 0)), FailReason::kTimeout);
  driver.step_at(driver.now + kRestMin);
  EXPECT_TRUE(driver.asked_of(other).contains(chunk_of(1, 0)));
}

TEST(Download, ComesBackToASourceWhenTheOtherHolderIsSlow) {
  Driver driver(items_of({2 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId slow = driver.add(1);
  driver.step();
  const ChunkRef late = driver.chunks.begin()->second.chunk;
  driver.now += 1s;
  driver.deliver(driver.chunks.rbegin()->first);  // so it is not silent
  const SourceId other = driver.add(2, {.claim = Claim::kAll, .requests_max = 1});
  driver.step_at(kStart + kRequestTimeoutMin);
  driver.fail(driver.request(other, late), FailReason::kTimeout);
  driver.step_at(driver.now + kRestMin);
  EXPECT_TRUE(driver.asked_of(other).contains(late));
  EXPECT_TRUE(driver.asked_of(slow).contains(late));
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

TEST(Download, BelievesASourceThatItDoesNotHaveAChunk) {
  Driver driver(items_of({3 * kChunk, 3 * kChunk}));
  const SourceId source = driver.add(1);
  driver.deliver_manifests();
  driver.fail(driver.request(source, chunk_of(0, 1)), FailReason::kNotFound);
  driver.step();
  EXPECT_FALSE(driver.asked_of(source).contains(chunk_of(0, 1)));
  driver.fail(driver.request(source, chunk_of(1, 0)), FailReason::kChanged);
  driver.deliver_all();
  EXPECT_FALSE(driver.download.has(chunk_of(0, 1)));
  EXPECT_FALSE(driver.download.has(chunk_of(1, 0)));
  EXPECT_TRUE(driver.download.has(chunk_of(1, 2))) << "what was in flight still counts";
  EXPECT_EQ(driver.download.stalled(), StallReason::kNobodyHas);
  driver.have(source, {chunk_of(0, 1)});
  driver.download.on_have_whole(source, ItemIndex{1}, driver.now);
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

TEST(Download, DropsASourceThatRefusesEverythingItClaims) {
  Driver driver(std::vector<Item>(kRefusalsInARowMax + 1, Item{.id = {}, .size = 1}));
  const SourceId source = driver.add(1);
  driver.step();
  for (std::uint32_t refusal = 1; refusal < kRefusalsInARowMax; ++refusal) {
    driver.fail(driver.first_at(source), FailReason::kNotFound);
  }
  driver.step();
  EXPECT_TRUE(driver.dropped.empty());
  driver.fail(driver.first_at(source), FailReason::kNotFound);
  driver.step();
  EXPECT_EQ(driver.dropped, (std::vector{DropSource{source, DropReason::kUseless}}));
}

TEST(Download, LeavesABusySourceInPeaceForLongerEachTime) {
  Driver driver(items_of({kChunk}));
  const SourceId source = driver.add(1);
  Duration rest = kRestMin;
  for (int turn = 0; turn < 8; ++turn) {
    driver.step();
    driver.fail(driver.first_at(source), FailReason::kBusy);
    driver.step();
    EXPECT_TRUE(driver.chunks.empty());
    EXPECT_EQ(driver.download.stalled(), StallReason::kAllSilent);
    EXPECT_EQ(driver.download.next_deadline(), driver.now + rest);
    driver.step_at(driver.now + rest - Duration(1));
    EXPECT_TRUE(driver.chunks.empty());
    driver.now += Duration(1);
    rest = std::min<Duration>(2 * rest, kRestMax);
  }
  driver.step();
  driver.deliver(driver.first_at(source));
  EXPECT_TRUE(driver.download.done());
}

TEST(Download, CountsRefusalsOfOneMomentAsOne) {
  Driver driver(items_of({64 * kChunk}));
  const SourceId source = driver.add(1);
  driver.deliver_manifests();
  while (!driver.chunks.empty()) driver.fail(driver.first_at(source), FailReason::kBusy);
  driver.step();
  EXPECT_EQ(driver.download.next_deadline(), driver.now + kRestMin);
}

TEST(Download, WaitsForTheDisk) {
  Driver driver(items_of({4 * kChunk}));
  const SourceId source = driver.add(1);
  driver.deliver_manifests();
  driver.fail(driver.first_at(source), FailReason::kDisk);
  driver.step();
  EXPECT_EQ(driver.chunks.size(), 3U);
  EXPECT_EQ(driver.download.stalled(), StallReason::kDisk);
  while (!driver.chunks.empty()) driver.deliver(driver.first_at(source));
  driver.step_at(driver.now + kDiskRest - Duration(1));
  EXPECT_TRUE(driver.chunks.empty());
  driver.step_at(driver.now + Duration(1));
  EXPECT_EQ(driver.chunks.size(), 1U);
  EXPECT_EQ(driver.download.stalled(), std::nullopt);
}

TEST(Download, RacesTheLastChunksOfASlowSourceAndCancelsTheLoser) {
  Driver driver(items_of({8 * kChunk}));
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId slow = driver.add(1, {.claim = Claim::kAll, .requests_max = 1});
  driver.step();
  const ChunkRef last = driver.chunks.begin()->second.chunk;
  const SourceId fast = driver.add(2);
  driver.step();
  for (driver.now += 10ms; !driver.asked_of(fast).empty(); driver.now += 2ms) driver.deliver(driver.first_at(fast));
  driver.step_at(kStart + 600ms);
  EXPECT_EQ(driver.asked_of(fast), std::set{last}) << "well before it is overdue";
  const RequestId loser = driver.request(slow, last);
  driver.deliver(driver.request(fast, last));
  driver.step();
  EXPECT_EQ(driver.cancelled, std::vector{loser});
  EXPECT_TRUE(driver.download.done());
}

TEST(Download, RacesOnlyForAGainWorthIt) {
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

TEST(Download, RacesWithAtMostTwoOthers) {
  Driver driver = waiting_for_the_last_chunk(4);
  const Instant begin = driver.now;
  for (Duration after = 10ms; after < 1s; after += 10ms) driver.step_at(begin + after);
  EXPECT_EQ(driver.chunks.size(), 1U + kRacersMax);
}

TEST(Download, DoesNotRaceForLessThanTheLeastGain) {
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

TEST(Download, DoesNotRaceAmongSourcesThatAreInTime) {
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
  Driver driver(items_of({4 * kChunk, 2 * kChunk, 100}));
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
  EXPECT_EQ(driver.asked_of(source), (std::set{chunk_of(0, 0), chunk_of(0, 2), chunk_of(0, 3)}));
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

TEST(Download, SurvivesTheClockLeapingAhead) {
  Driver driver(items_of({64 * kChunk}));
  const SourceId one = driver.add(1);
  driver.add(2);
  driver.deliver_manifests();
  driver.step_at(driver.now + 8h);
  EXPECT_TRUE(driver.cancelled.empty()) << "overdue is not yet given up";
  driver.deliver(driver.first_at(one));
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

}  // namespace
}  // namespace essaim::swarm
