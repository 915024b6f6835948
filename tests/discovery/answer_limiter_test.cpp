#include "discovery/answer_limiter.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>

#include <gtest/gtest.h>

namespace essaim::discovery {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{1000s};

Endpoint host(std::uint32_t number, std::uint16_t port = 40000) {
  return {IpAddress::v4(10, static_cast<std::uint8_t>(number >> 16U), static_cast<std::uint8_t>(number >> 8U & 0xFFU),
                        static_cast<std::uint8_t>(number & 0xFFU)),
          port};
}

TEST(AnswerLimiter, AnswersASourceOnceASecond) {
  AnswerLimiter limiter(1);
  EXPECT_TRUE(limiter.allow(host(1), kStart));
  EXPECT_FALSE(limiter.allow(host(1), kStart));
  EXPECT_FALSE(limiter.allow(host(1, 40001), kStart + 1s - 1us)) << "a source is an address";
  EXPECT_TRUE(limiter.allow(host(1), kStart + 1s));
}

TEST(AnswerLimiter, DoesNotCountWhatItRefuses) {
  AnswerLimiter limiter(1);
  EXPECT_TRUE(limiter.allow(host(1), kStart));
  for (Duration at = 1ms; at < 1s; at += 1ms) EXPECT_FALSE(limiter.allow(host(1), kStart + at));
  EXPECT_TRUE(limiter.allow(host(1), kStart + 1s));
}

TEST(AnswerLimiter, AnswersEveryNodeOfThisMachine) {
  AnswerLimiter limiter(1);
  for (std::uint16_t port = 40000; port < 40010; ++port) {
    EXPECT_TRUE(limiter.allow({IpAddress::v4(127, 0, 0, 1), port}, kStart)) << port;
  }
}

TEST(AnswerLimiter, NeverAnswersMoreThanItsLimitInAnySecond) {
  AnswerLimiter limiter(1);
  std::deque<Instant> answers;
  std::size_t most = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    // Sources come in waves, so that a limit by the calendar second would let twice as many through.
    const Instant now = kStart + (i % 10'000) * 37us + (i / 10'000) * 730ms;
    if (!limiter.allow(host(i), now)) continue;
    answers.push_back(now);
    while (answers.front() + 1s <= now) answers.pop_front();
    most = std::max(most, answers.size());
  }
  EXPECT_EQ(most, kAnswersPerSecond);
}

TEST(AnswerLimiter, IsFreeAgainASecondAfterItsLimit) {
  AnswerLimiter limiter(1);
  std::size_t allowed = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) allowed += limiter.allow(host(i), kStart) ? 1 : 0;
  EXPECT_EQ(allowed, kAnswersPerSecond);
  EXPECT_FALSE(limiter.allow(host(5000), kStart + 1s - 1us));
  EXPECT_TRUE(limiter.allow(host(5000), kStart + 1s));
}

}  // namespace
}  // namespace essaim::discovery
