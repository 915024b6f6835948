#include "discovery/announce_schedule.hpp"

#include <chrono>
#include <set>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace essaim::discovery {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

constexpr Instant kStart{1000s};

// Steps from deadline to deadline, as a driver does; every time is relative to kStart.
struct Walk {
  AnnounceSchedule schedule{1, kStart};
  std::vector<std::pair<Duration, AnnounceForm>> sent;

  void until(Duration end) {
    for (Instant now = schedule.next_deadline(); now <= kStart + end; now = schedule.next_deadline()) {
      const auto form = schedule.take_due(now);
      schedule.check_invariants();
      ASSERT_TRUE(form) << "nothing was due at the deadline";
      sent.emplace_back(now - kStart, *form);
      ASSERT_GT(schedule.next_deadline(), now);
    }
  }
};

TEST(AnnounceSchedule, AsksThreeTimesAtTheStart) {
  Walk walk;
  walk.until(5s);
  EXPECT_THAT(walk.sent, ElementsAre(Pair(0ms, AnnounceForm::kAsk), Pair(100ms, AnnounceForm::kAsk),
                                     Pair(400ms, AnnounceForm::kAsk)));
}

TEST(AnnounceSchedule, HasNothingDueBeforeItsDeadline) {
  Walk walk;
  EXPECT_EQ(walk.schedule.next_deadline(), kStart);
  EXPECT_EQ(walk.schedule.take_due(kStart - 1us), std::nullopt);
  walk.until(5s);
  EXPECT_EQ(walk.schedule.take_due(walk.schedule.next_deadline() - 1us), std::nullopt);
}

TEST(AnnounceSchedule, ThenTellsEveryTenSecondsGiveOrTakeTwo) {
  Walk walk;
  walk.until(10'000s);
  std::set<Duration> gaps;
  for (std::size_t i = 3; i < walk.sent.size(); ++i) {
    EXPECT_EQ(walk.sent[i].second, AnnounceForm::kTell);
    gaps.insert(walk.sent[i].first - walk.sent[i - 1].first);
  }
  EXPECT_GE(*gaps.begin(), 8s);
  EXPECT_LE(*gaps.rbegin(), 12s);
  EXPECT_GT(*gaps.rbegin() - *gaps.begin(), 3s) << "hardly any jitter";
  EXPECT_GT(gaps.size(), 900U) << "hardly any jitter";
}

TEST(AnnounceSchedule, IsTheSameForTheSameSeedAndDiffersForAnother) {
  Walk one;
  Walk same;
  Walk other{.schedule = AnnounceSchedule(2, kStart), .sent = {}};
  for (Walk* walk : {&one, &same, &other}) walk->until(100s);
  EXPECT_EQ(one.sent, same.sent);
  EXPECT_NE(one.sent, other.sent);
}

TEST(AnnounceSchedule, SlowsDownAboveItsLimitOfPeersAlone) {
  for (const std::size_t peers : {kCrowdedPeers - 1, kCrowdedPeers, kCrowdedPeers + 1}) {
    Walk walk;
    walk.schedule.on_peer_count(peers, kStart);
    walk.until(1s);
    const Duration gap = walk.schedule.next_deadline() - (kStart + 400ms);
    EXPECT_GE(gap, peers > kCrowdedPeers ? 48s : 8s);
    EXPECT_LE(gap, peers > kCrowdedPeers ? 72s : 12s);
  }
}

TEST(AnnounceSchedule, SpeedsUpWithoutWaitingForTheLongInterval) {
  Walk walk;
  walk.schedule.on_peer_count(kCrowdedPeers + 1, kStart);
  walk.until(1s);
  walk.schedule.on_peer_count(kCrowdedPeers, kStart + 20s);
  EXPECT_GE(walk.schedule.next_deadline(), kStart + 28s) << "everybody would announce at once";
  EXPECT_LE(walk.schedule.next_deadline(), kStart + 32s);
}

TEST(AnnounceSchedule, TellsNewsAtOnce) {
  Walk walk;
  walk.until(5s);
  walk.schedule.on_rev_change(kStart + 5s);
  EXPECT_EQ(walk.schedule.take_due(kStart + 5s), AnnounceForm::kTell);
  EXPECT_GE(walk.schedule.next_deadline(), kStart + 13s) << "the regular one is due anew from there";
}

TEST(AnnounceSchedule, TellsNewsAtMostOnceASecond) {
  Walk walk;
  walk.until(5s);
  std::size_t told = 0;
  for (Duration at = 5s; at < 8s; at += 10ms) {
    walk.schedule.on_rev_change(kStart + at);
    walk.schedule.check_invariants();
    if (walk.schedule.take_due(kStart + at)) ++told;
  }
  EXPECT_EQ(told, 3U);
}

TEST(AnnounceSchedule, LetsAnyAnnouncementCarryTheNews) {
  Walk walk;
  walk.until(50ms);
  walk.schedule.on_rev_change(kStart + 50ms);
  walk.until(5s);
  EXPECT_EQ(walk.sent.size(), 3U) << "the burst told it";
}

TEST(AnnounceSchedule, AsksAgainWhenTheNetworkChanges) {
  Walk walk;
  walk.until(5s);
  walk.sent.clear();
  walk.schedule.on_network_change(kStart + 5s);
  walk.until(10s);
  EXPECT_THAT(walk.sent, ElementsAre(Pair(5000ms, AnnounceForm::kAsk), Pair(5100ms, AnnounceForm::kAsk),
                                     Pair(5400ms, AnnounceForm::kAsk)));
}

TEST(AnnounceSchedule, AnswersAFlappingInterfaceWithOneBurstASecond) {
  Walk walk;
  walk.until(50ms);
  for (Duration at = 50ms; at < 3s; at += 50ms) {
    walk.schedule.on_network_change(kStart + at);
    walk.until(at);
  }
  walk.until(3500ms);
  EXPECT_EQ(walk.sent.size(), 4U * 3U);
  for (std::size_t i = 0; i < walk.sent.size(); i += 3) EXPECT_EQ(walk.sent[i].first, (i / 3) * 1s);
}

TEST(AnnounceSchedule, MakesOneAnnouncementOfAllThatWasMissed) {
  Walk walk;
  walk.schedule.on_rev_change(kStart);
  const Instant late = kStart + 8h;
  EXPECT_EQ(walk.schedule.take_due(late), AnnounceForm::kAsk);
  EXPECT_EQ(walk.schedule.take_due(late), std::nullopt);
}

}  // namespace
}  // namespace essaim::discovery
