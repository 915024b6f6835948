#include "swarm/fair_limit.hpp"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "swarm/limits.hpp"
#include "swarm/rate.hpp"

namespace essaim::swarm {
namespace {

const Instant kStart{1000s};

// Comes when it was told to, and takes pieces of one size as long as it may; but no more than its sources give.
struct Taker {
  std::uint64_t piece = 0;
  std::uint64_t sources_give = std::uint64_t{1} << 40U;  // bytes a second
  std::unique_ptr<LimitPlace> place{};
  TokenBucket sources{std::nullopt};
  Instant comes = kStart;
  std::uint64_t taken = 0;
};

void run(std::vector<Taker>& takers, const std::shared_ptr<FairLimit>& limit, Duration time) {
  for (Taker& taker : takers) {
    taker.place = std::make_unique<LimitPlace>(limit);
    taker.sources.set_rate(taker.sources_give);
  }
  for (Instant now = kStart; now < kStart + time; now += 100us) {
    for (Taker& taker : takers) {
      if (taker.comes > now) continue;
      while (taker.sources.ready(now) && taker.place->ready(now)) {
        taker.place->take(taker.piece, now);
        taker.sources.take(taker.piece, now);
        taker.taken += taker.piece;
      }
      taker.comes = taker.sources.ready(now) ? taker.place->ready_at() : taker.sources.ready_at();
    }
  }
}

TEST(FairLimit, KeepsTheRateAndSharesItByBytes) {
  for (const std::uint64_t rate : {256 * kKiB, 4 * kMiB, 100 * kMiB}) {
    SCOPED_TRACE(rate);
    const auto limit = std::make_shared<FairLimit>(rate);
    std::vector<Taker> takers(3);
    takers[0].piece = 16 * kKiB;
    takers[1].piece = 64 * kKiB;
    takers[2].piece = 256 * kKiB;
    run(takers, limit, 60s);
    const std::uint64_t all = takers[0].taken + takers[1].taken + takers[2].taken;
    EXPECT_NEAR(static_cast<double>(all), static_cast<double>(60 * rate), 0.02 * static_cast<double>(60 * rate));
    for (const Taker& taker : takers) {
      EXPECT_NEAR(static_cast<double>(taker.taken), static_cast<double>(all) / 3, 0.03 * static_cast<double>(all));
    }
  }
}

TEST(FairLimit, WhatOneCannotUseGoesToTheOthers) {
  const auto limit = std::make_shared<FairLimit>(8 * kMiB);
  std::vector<Taker> takers(2);
  takers[0].piece = takers[1].piece = 256 * kKiB;
  takers[0].sources_give = 1 * kMiB;
  run(takers, limit, 30s);
  EXPECT_NEAR(static_cast<double>(takers[0].taken), 30.0 * kMiB, 3.0 * kMiB);
  EXPECT_NEAR(static_cast<double>(takers[1].taken), 30.0 * 7 * kMiB, 6.0 * kMiB);
}

TEST(FairLimit, WhoDoesNotComeLosesItsTurnAfterTheGrace) {
  FairLimit limit(1 * kMiB);
  const LimitUser first = limit.join();
  const LimitUser second = limit.join();
  limit.take(first, 1 * kMiB, kStart);
  EXPECT_FALSE(limit.ready(second, kStart));
  EXPECT_FALSE(limit.ready(first, kStart));
  const Instant turn = limit.ready_at(second);
  EXPECT_FALSE(limit.ready(second, turn - Duration(1)));
  EXPECT_FALSE(limit.ready(first, turn + kLimitTurnGrace - Duration(1))) << "the second has got less";
  EXPECT_TRUE(limit.ready(first, limit.ready_at(first))) << "the second did not come";
  limit.leave(second);
  EXPECT_EQ(limit.ready_at(first), turn);
}

TEST(FairLimit, WithoutARateNobodyWaits) {
  const auto limit = std::make_shared<FairLimit>(std::nullopt);
  LimitPlace one(limit);
  LimitPlace other(limit);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(one.ready(kStart));
    one.take(4 * kMiB, kStart);
    EXPECT_TRUE(other.ready(kStart));
    other.take(4 * kMiB, kStart);
  }
  LimitPlace none(nullptr);
  EXPECT_TRUE(none.ready(kStart));
}

}  // namespace
}  // namespace essaim::swarm
