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
struct Run {
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
  Run run;
  run.until(5s);
  EXPECT_THAT(run.sent, ElementsAre(Pair(0ms, AnnounceForm::kAsk), Pair(100ms, AnnounceForm::kAsk),
                                    Pair(400ms, AnnounceForm::kAsk)));
}

TEST(AnnounceSchedule, HasNothingDueBeforeItsDeadline) {
  Run run;
  EXPECT_EQ(run.schedule.next_deadline(), kStart);
  EXPECT_EQ(run.schedule.take_due(kStart - 1us), std::nullopt);
  run.until(5s);
  EXPECT_EQ(run.schedule.take_due(run.schedule.next_deadline() - 1us), std::nullopt);
}

TEST(AnnounceSchedule, ThenTellsEveryTenSecondsGiveOrTakeTwo) {
  Run run;
  run.until(10'000s);
  std::set<Duration> gaps;
  for (std::size_t i = 3; i < run.sent.size(); ++i) {
    EXPECT_EQ(run.sent[i].second, AnnounceForm::kTell);
    gaps.insert(run.sent[i].first - run.sent[i - 1].first);
  }
  EXPECT_GE(*gaps.begin(), 8s);
  EXPECT_LE(*gaps.rbegin(), 12s);
  EXPECT_GT(*gaps.rbegin() - *gaps.begin(), 3s) << "hardly any jitter";
  EXPECT_GT(gaps.size(), 900U) << "hardly any jitter";
}

TEST(AnnounceSchedule, IsTheSameForTheSameSeedAndDiffersForAnother) {
  Run one;
  Run same;
  Run other{.schedule = AnnounceSchedule(2, kStart), .sent = {}};
  for (Run* run : {&one, &same, &other}) run->until(100s);
  EXPECT_EQ(one.sent, same.sent);
  EXPECT_NE(one.sent, other.sent);
}

TEST(AnnounceSchedule, SlowsDownAboveItsLimitOfPeersAlone) {
  for (const std::size_t peers : {kCrowdedPeers - 1, kCrowdedPeers, kCrowdedPeers + 1}) {
    Run run;
    run.schedule.on_peer_count(peers, kStart);
    run.until(1s);
    const Duration gap = run.schedule.next_deadline() - (kStart + 400ms);
    EXPECT_GE(gap, peers > kCrowdedPeers ? 48s : 8s);
    EXPECT_LE(gap, peers > kCrowdedPeers ? 72s : 12s);
  }
}

TEST(AnnounceSchedule, SpeedsUpWithoutWaitingForTheLongInterval) {
  Run run;
  run.schedule.on_peer_count(kCrowdedPeers + 1, kStart);
  run.until(1s);
  run.schedule.on_peer_count(kCrowdedPeers, kStart + 20s);
  EXPECT_GE(run.schedule.next_deadline(), kStart + 28s) << "everybody would announce at once";
  EXPECT_LE(run.schedule.next_deadline(), kStart + 32s);
}

TEST(AnnounceSchedule, TellsNewsAtOnce) {
  Run run;
  run.until(5s);
  run.schedule.on_rev_change(kStart + 5s);
  EXPECT_EQ(run.schedule.take_due(kStart + 5s), AnnounceForm::kTell);
  EXPECT_GE(run.schedule.next_deadline(), kStart + 13s) << "the regular one is due anew from there";
}

TEST(AnnounceSchedule, TellsNewsAtMostOnceASecond) {
  Run run;
  run.until(5s);
  std::size_t told = 0;
  for (Duration at = 5s; at < 8s; at += 10ms) {
    run.schedule.on_rev_change(kStart + at);
    run.schedule.check_invariants();
    if (run.schedule.take_due(kStart + at)) ++told;
  }
  EXPECT_EQ(told, 3U);
}

TEST(AnnounceSchedule, LetsAnyAnnouncementCarryTheNews) {
  Run run;
  run.until(50ms);
  run.schedule.on_rev_change(kStart + 50ms);
  run.until(5s);
  EXPECT_EQ(run.sent.size(), 3U) << "the burst told it";
}

TEST(AnnounceSchedule, AsksAgainWhenTheNetworkChanges) {
  Run run;
  run.until(5s);
  run.sent.clear();
  run.schedule.on_network_change(kStart + 5s);
  run.until(10s);
  EXPECT_THAT(run.sent, ElementsAre(Pair(5000ms, AnnounceForm::kAsk), Pair(5100ms, AnnounceForm::kAsk),
                                    Pair(5400ms, AnnounceForm::kAsk)));
}

TEST(AnnounceSchedule, AnswersAFlappingInterfaceWithOneBurstASecond) {
  Run run;
  run.until(50ms);
  for (Duration at = 50ms; at < 3s; at += 50ms) {
    run.schedule.on_network_change(kStart + at);
    run.until(at);
  }
  run.until(3500ms);
  EXPECT_EQ(run.sent.size(), 4U * 3U);
  for (std::size_t i = 0; i < run.sent.size(); i += 3) EXPECT_EQ(run.sent[i].first, (i / 3) * 1s);
}

TEST(AnnounceSchedule, MakesOneAnnouncementOfAllThatWasMissed) {
  Run run;
  run.schedule.on_rev_change(kStart);
  const Instant late = kStart + 8h;
  EXPECT_EQ(run.schedule.take_due(late), AnnounceForm::kAsk);
  EXPECT_EQ(run.schedule.take_due(late), std::nullopt);
}

}  // namespace
}  // namespace essaim::discovery
