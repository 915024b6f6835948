// Sources that fail, lie, fall silent, refuse or leave.
#include <algorithm>

#include <gtest/gtest.h>

#include "download_driver.hpp"
#include "swarm/download.hpp"

namespace essaim::swarm {
namespace {

TEST(DownloadFaults, AsksElsewhereWhenASourceLeaves) {
  Driver driver(items_of({2 * kChunk}));
  const SourceId one = driver.add(1);
  driver.deliver_manifests();
  EXPECT_EQ(driver.asked_of(one).size(), 2U);
  const SourceId two = driver.add(2);
  const RequestId late = driver.first_at(one);
  driver.lose(one);
  driver.step();
  EXPECT_EQ(driver.asked_of(two).size(), 2U);
  driver.download.on_chunk_verified(late, driver.now);
  driver.download.on_chunk_failed(late, FailReason::kClosed, driver.now);
  driver.download.check_invariants();
  EXPECT_EQ(driver.download.progress(driver.now).bytes_verified, 0U) << "reports of forgotten requests are ignored";
}

TEST(DownloadFaults, OffersAnOverdueChunkToOthersAndTakesTheLateAnswer) {
  Driver driver(items_of({2 * kChunk, 1}));  // nobody has the second item, so there is no endgame
  driver.download.mark_manifest_known(ItemIndex{0});
  const SourceId silent = driver.add(1, {.claim = Claim::kNone});
  driver.download.on_have_whole(silent, ItemIndex{0}, driver.now);
  driver.step();
  const std::set<ChunkRef> at_silent = driver.asked_of(silent);
  EXPECT_EQ(at_silent.size(), 2U);
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

TEST(DownloadFaults, SnubsASilentSourceUntilItDelivers) {
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

TEST(DownloadFaults, GivesAnOverdueRequestUpInTheEnd) {
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

TEST(DownloadFaults, DropsALiarAfterItsLastChance) {
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

TEST(DownloadFaults, RemembersLiesAcrossReconnecting) {
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

TEST(DownloadFaults, TakesAChunkThatAnotherLiedAbout) {
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

TEST(DownloadFaults, ComesBackToASourceWhenEveryHolderHasFailed) {
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

TEST(DownloadFaults, ComesBackToASourceWhileTheOtherHolderIsSilent) {
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

TEST(DownloadFaults, ComesBackToASourceWhenTheOtherHolderIsSlow) {
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

TEST(DownloadFaults, BelievesASourceThatItDoesNotHaveAChunk) {
  Driver driver(items_of({3 * kChunk, 3 * kChunk, kChunk}));
  const SourceId source = driver.add_quick(1);
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

TEST(DownloadFaults, DropsASourceThatRefusesEverythingItClaims) {
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

TEST(DownloadFaults, LeavesABusySourceInPeaceForLongerEachTime) {
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

TEST(DownloadFaults, CountsRefusalsOfOneMomentAsOne) {
  Driver driver(items_of({64 * kChunk}));
  const SourceId source = driver.add(1);
  driver.deliver_manifests();
  while (!driver.chunks.empty()) driver.fail(driver.first_at(source), FailReason::kBusy);
  driver.step();
  EXPECT_EQ(driver.download.next_deadline(), driver.now + kRestMin);
}

TEST(DownloadFaults, WaitsForTheDisk) {
  Driver driver(items_of({2 * kChunk}));
  const SourceId source = driver.add(1);
  driver.deliver_manifests();
  driver.fail(driver.first_at(source), FailReason::kDisk);
  driver.step();
  EXPECT_EQ(driver.chunks.size(), 1U);
  EXPECT_EQ(driver.download.stalled(), StallReason::kDisk);
  while (!driver.chunks.empty()) driver.deliver(driver.first_at(source));
  driver.step_at(driver.now + kDiskRest - Duration(1));
  EXPECT_TRUE(driver.chunks.empty());
  driver.step_at(driver.now + Duration(1));
  EXPECT_EQ(driver.chunks.size(), 1U);
  EXPECT_EQ(driver.download.stalled(), std::nullopt);
}

TEST(DownloadFaults, AsksTheOnlyHolderAgainWhenItsLateAnswerWasInVain) {
  for (const FailReason reason : {FailReason::kDisk, FailReason::kBadHash}) {
    SCOPED_TRACE(to_string(reason));
    Driver driver(items_of({kChunk}));
    const SourceId source = driver.add(1);
    driver.step();
    driver.step_at(kStart + kRequestTimeoutMin);  // overdue, so it is on offer already
    driver.fail(driver.first_at(source), reason);
    driver.step();
    driver.step_at(driver.now + kDiskRest);
    EXPECT_EQ(driver.chunks.size(), 1U);
  }
}

TEST(DownloadFaults, SurvivesTheClockLeapingAhead) {
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

TEST(DownloadFaults, AsksAFailedManifestOfAnotherSourceFromTheBeginning) {
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

TEST(DownloadFaults, CancelsAnOverdueManifestAndAsksAnotherSource) {
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

}  // namespace
}  // namespace essaim::swarm
