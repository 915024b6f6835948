// Drafts: items whose leaves become known from the first on, told by their owner alone.
#include <algorithm>

#include <gtest/gtest.h>

#include "download_driver.hpp"
#include "swarm/download.hpp"

namespace essaim::swarm {
namespace {

constexpr SourceTraits kHelper{.claim = Claim::kAll, .manifests = Manifests::kNone};

std::vector<Item> draft_of(std::uint32_t chunks) {
  return {Item{.id = {}, .size = std::uint64_t{chunks} * kChunk, .naming = Naming::kDraft}};
}

// Answers the one request for leaves with so many of them.
void tell_leaves(Driver& driver, std::uint32_t leaves) {
  ASSERT_EQ(driver.manifests.size(), 1U);
  const RequestId id = driver.manifests.begin()->first;
  driver.manifests.clear();
  driver.download.on_draft_leaves(id, leaves, driver.now);
  driver.step();
}

void ask_again(Driver& driver) { driver.step_at(driver.now + kDraftLeavesInterval); }

TEST(DownloadOfADraft, AsksForAChunkAsSoonAsItsLeafIsKnown) {
  Driver driver(draft_of(4));
  const SourceId owner = driver.add(1);
  driver.step();
  EXPECT_TRUE(driver.chunks.empty());
  tell_leaves(driver, 2);
  EXPECT_EQ(driver.asked_of(owner), (std::set{chunk_of(0, 0), chunk_of(0, 1)}));
  ask_again(driver);
  ASSERT_EQ(driver.manifests.size(), 1U);
  EXPECT_EQ(driver.manifests.begin()->second.first, 2U);
  EXPECT_EQ(driver.manifests.begin()->second.count, 2U);
  tell_leaves(driver, 2);
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
  EXPECT_EQ(driver.finished, std::vector{ItemIndex{0}});
}

TEST(DownloadOfADraft, GivesItsOwnerTimeToMakeMoreLeaves) {
  Driver driver(draft_of(4));
  driver.add(1);
  driver.step();
  tell_leaves(driver, 0);
  EXPECT_EQ(driver.download.stalled(), StallReason::kBeingRead);
  EXPECT_EQ(driver.download.next_deadline(), driver.now + kDraftLeavesInterval);
  driver.step_at(driver.now + kDraftLeavesInterval - Duration(1));
  EXPECT_TRUE(driver.manifests.empty());
  driver.step_at(driver.now + Duration(1));
  EXPECT_EQ(driver.manifests.size(), 1U);
}

TEST(DownloadOfADraft, AsksAtOnceForMoreAfterAFullAnswer) {
  Driver driver(draft_of(2 * kDraftLeavesPerAskMax + 1));
  driver.add(1);
  driver.step();
  EXPECT_EQ(driver.manifests.begin()->second.count, kDraftLeavesPerAskMax);
  tell_leaves(driver, kDraftLeavesPerAskMax);
  ASSERT_EQ(driver.manifests.size(), 1U);
  EXPECT_EQ(driver.manifests.begin()->second.first, kDraftLeavesPerAskMax);
  tell_leaves(driver, kDraftLeavesPerAskMax - 1);
  EXPECT_TRUE(driver.manifests.empty());
}

TEST(DownloadOfADraft, OfOneChunkNeedsItsLeafToo) {
  Driver driver({Item{.id = {}, .size = 7, .naming = Naming::kDraft}});
  driver.add(1);
  driver.step();
  EXPECT_TRUE(driver.chunks.empty());
  tell_leaves(driver, 1);
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

TEST(DownloadOfADraft, TakesLeavesFromItsOwnerAlone) {
  Driver driver(draft_of(4));
  driver.add(1, kHelper);
  driver.step();
  EXPECT_TRUE(driver.manifests.empty());
  const SourceId owner = driver.add(2);
  driver.step();
  ASSERT_EQ(driver.manifests.size(), 1U);
  EXPECT_EQ(driver.manifests.begin()->second.source, owner);
}

TEST(DownloadOfADraft, TakesChunksFromAllAndCatchesALieByTheOwnersLeaf) {
  Driver driver(draft_of(4));
  const SourceId helper = driver.add(1, kHelper);
  const SourceId owner = driver.add(2);
  driver.step();
  tell_leaves(driver, 1);
  EXPECT_EQ(driver.asked_of(helper), std::set{chunk_of(0, 0)});
  driver.fail(driver.first_at(helper), FailReason::kBadHash);
  driver.step();
  EXPECT_EQ(driver.asked_of(owner), std::set{chunk_of(0, 0)});
}

TEST(DownloadOfADraft, GoesOnWithTheLeavesItHasWhenItsOwnerLeavesAndComesBack) {
  Driver driver(draft_of(4));
  const SourceId owner = driver.add(1);
  driver.step();
  tell_leaves(driver, 2);
  driver.deliver(driver.first_at(owner));
  ask_again(driver);
  driver.lose(owner);
  driver.step();
  EXPECT_EQ(driver.download.stalled(), StallReason::kNoSources);
  driver.add(1);
  driver.step();
  EXPECT_EQ(driver.asked_of(owner).size(), 1U);
  ASSERT_EQ(driver.manifests.size(), 1U);
  EXPECT_EQ(driver.manifests.begin()->second.first, 2U);
}

TEST(DownloadOfADraft, GoesOnFromWhatAnEarlierRunHad) {
  Driver driver(draft_of(4));
  driver.download.mark_draft_leaves(ItemIndex{0}, 3);
  driver.download.mark_have(chunk_of(0, 0));
  const SourceId owner = driver.add(1);
  driver.step();
  EXPECT_EQ(driver.asked_of(owner), (std::set{chunk_of(0, 1), chunk_of(0, 2)}));
  EXPECT_EQ(driver.manifests.begin()->second.first, 3U);
  driver.download.mark_draft_leaves(ItemIndex{0}, 4);
  driver.step();
  EXPECT_TRUE(driver.manifests.empty()) << "nothing is left to ask for";
  driver.deliver_all();
  EXPECT_TRUE(driver.download.done());
}

TEST(DownloadOfADraft, DoesNotAskForLeavesWhilePaused) {
  Driver driver(draft_of(4));
  driver.add(1);
  driver.step();
  driver.download.pause();
  tell_leaves(driver, 1);
  ask_again(driver);
  EXPECT_TRUE(driver.manifests.empty());
  driver.download.resume();
  driver.step();
  EXPECT_EQ(driver.manifests.size(), 1U);
}

}  // namespace
}  // namespace essaim::swarm
