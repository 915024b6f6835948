#include "access/pairing_tries.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace essaim::access {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{1h};
const PeerId kBob{"bob"};

TEST(PairingTries, LetThreeFailAndThenMakeAPause) {
  PairingTries tries;
  for (unsigned i = 0; i < kPairingTriesFree; ++i) {
    EXPECT_TRUE(tries.may_try(kBob, kStart));
    tries.on_failed(kBob, kStart);
  }
  EXPECT_FALSE(tries.may_try(kBob, kStart));
  EXPECT_EQ(tries.next_try(kBob), kStart + kPairingPauseMin);
  EXPECT_FALSE(tries.may_try(kBob, kStart + kPairingPauseMin - 1us));
  EXPECT_TRUE(tries.may_try(kBob, kStart + kPairingPauseMin));
  EXPECT_TRUE(tries.may_try(PeerId{"carol"}, kStart));
}

TEST(PairingTries, DoubleThePauseUpToItsMost) {
  PairingTries tries;
  Instant now = kStart;
  for (unsigned i = 0; i + 1 < kPairingTriesFree; ++i) tries.on_failed(kBob, now);
  for (const auto pause : {1min, 2min, 4min, 8min, 16min, 32min, 60min, 60min}) {
    tries.on_failed(kBob, now);
    EXPECT_FALSE(tries.may_try(kBob, now + pause - 1us));
    EXPECT_TRUE(tries.may_try(kBob, now + pause));
    now += pause;
  }
}

TEST(PairingTries, StartAnewAfterASuccessAndAfterALongTime) {
  PairingTries tries;
  for (unsigned i = 0; i < kPairingTriesFree; ++i) tries.on_failed(kBob, kStart);
  tries.on_done(kBob);
  EXPECT_TRUE(tries.may_try(kBob, kStart));
  for (unsigned i = 0; i < kPairingTriesFree; ++i) tries.on_failed(kBob, kStart);
  const Instant forgotten = kStart + kPairingPauseMin + kPairingPauseMax;
  tries.on_failed(kBob, forgotten);
  EXPECT_TRUE(tries.may_try(kBob, forgotten)) << "one failure, not four";
}

TEST(PairingTries, CountSoManyPeersAndNoMore) {
  PairingTries tries;
  for (std::size_t i = 0; i + 1 < kPairingTriersMax; ++i) tries.on_failed(PeerId{std::to_string(i)}, kStart);
  EXPECT_TRUE(tries.may_try(kBob, kStart));
  tries.on_failed(PeerId{"the last"}, kStart);
  EXPECT_FALSE(tries.may_try(kBob, kStart));
  tries.on_failed(kBob, kStart);
  EXPECT_TRUE(tries.may_try(PeerId{"0"}, kStart));
  EXPECT_EQ(tries.next_try(kBob), std::nullopt) << "whom a person asks is not kept out by others";
  EXPECT_TRUE(tries.may_try(kBob, kStart + kPairingPauseMax));
}

}  // namespace
}  // namespace essaim::access
