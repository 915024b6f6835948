#include "swarm/token_bucket.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "swarm/limits.hpp"
#include "swarm/rate.hpp"
#include "swarm/rate_meter.hpp"

namespace essaim::swarm {
namespace {

const Instant kStart{1000s};

TEST(Rate, RoundsWaitingUpAndNeverOverflows) {
  EXPECT_EQ(time_for(0, 100), Duration(0));
  EXPECT_GE(time_for(1, 3), Duration(333'333));
  EXPECT_EQ(time_for(std::numeric_limits<std::uint64_t>::max(), 0), Duration(1h));
  EXPECT_EQ(bytes_in(2s, 100), 200U);
  EXPECT_EQ(bytes_in(Duration(-5), 100), 0U);
  EXPECT_EQ(bytes_in(1s, std::numeric_limits<std::uint64_t>::max()), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(rate_of(500, 500ms), 1000U);
  EXPECT_EQ(rate_of(500, Duration(0)), 500'000U) << "never faster than within a millisecond";
}

TEST(TokenBucket, WithoutALimitIsAlwaysReady) {
  TokenBucket bucket(std::nullopt);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(bucket.ready(kStart));
    bucket.take(4 * kMiB, kStart);
  }
}

TEST(TokenBucket, KeepsTheRateOverTime) {
  TokenBucket bucket(1 * kMiB);
  std::uint64_t passed = 0;
  for (Instant now = kStart; now < kStart + 10s; now += 1ms) {
    while (bucket.ready(now)) {
      bucket.take(10'000, now);
      passed += 10'000;
    }
  }
  const std::uint64_t burst = bytes_in(kRateLimitBurst, 1 * kMiB);
  EXPECT_GE(passed, 10 * kMiB);
  EXPECT_LE(passed, 10 * kMiB + burst + 2 * 10'000);
}

TEST(TokenBucket, LetsAnythingPassOnceAndMakesTheNextWaitForIt) {
  TokenBucket bucket(1 * kMiB);
  bucket.take(4 * kMiB, kStart);
  EXPECT_FALSE(bucket.ready(kStart + 3800ms));
  EXPECT_TRUE(bucket.ready(kStart + 3901ms)) << "four seconds, less the burst";
  EXPECT_TRUE(bucket.ready(bucket.ready_at()));
  EXPECT_FALSE(bucket.ready(bucket.ready_at() - Duration(1)));
}

TEST(TokenBucket, NeverGoesBelowItsFloor) {
  for (const std::uint64_t rate : {std::uint64_t{0}, kRateLimitMinBytesPerSecond - 1, kRateLimitMinBytesPerSecond}) {
    TokenBucket bucket(rate);
    bucket.take(kRateLimitMinBytesPerSecond, kStart);
    EXPECT_TRUE(bucket.ready(kStart + 1s)) << rate;
  }
  TokenBucket above(kRateLimitMinBytesPerSecond + 1);
  above.take(kRateLimitMinBytesPerSecond * 1000, kStart);
  EXPECT_TRUE(above.ready(kStart + 1000s - kRateLimitBurst));
}

TEST(TokenBucket, ForgivesWhenItsRateChanges) {
  TokenBucket bucket(16 * kKiB);
  bucket.take(4 * kMiB, kStart);
  EXPECT_FALSE(bucket.ready(kStart + 1s));
  bucket.set_rate(1 * kMiB);
  EXPECT_TRUE(bucket.ready(kStart + 1s));
}

TEST(RateMeter, IsTheMeanOfTheLastSeconds) {
  RateMeter meter;
  EXPECT_EQ(meter.bytes_per_second(kStart), 0U);
  for (int i = 0; i < 100; ++i) meter.add(1000, kStart + i * 100ms);
  EXPECT_NEAR(static_cast<double>(meter.bytes_per_second(kStart + 10s)), 10'000, 1'500);
  EXPECT_EQ(meter.bytes_per_second(kStart + 20s), 0U) << "what is long past does not count";
}

TEST(RateMeter, IsRightFromTheBeginning) {
  RateMeter meter;
  meter.add(1000, kStart);
  meter.add(1000, kStart + 100ms);
  EXPECT_EQ(meter.bytes_per_second(kStart + 200ms), 10'000U);
}

}  // namespace
}  // namespace essaim::swarm
