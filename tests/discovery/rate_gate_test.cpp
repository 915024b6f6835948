#include "discovery/rate_gate.hpp"

#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

namespace essaim::discovery {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{1000s};

Endpoint host(std::uint32_t number, std::uint16_t port = 5000) {
  return {IpAddress::v4(10, static_cast<std::uint8_t>(number >> 16U), static_cast<std::uint8_t>(number >> 8U & 0xFFU),
                        static_cast<std::uint8_t>(number & 0xFFU)),
          port};
}

// How many of `count` datagrams get in at one instant.
int admitted(RateGate& gate, const Endpoint& source, Instant now, int count) {
  int in = 0;
  for (int i = 0; i < count; ++i) in += gate.admit(source, now) ? 1 : 0;
  return in;
}

TEST(RateGate, LetsASourceHaveItsBurstAndNoMore) {
  RateGate gate(1);
  EXPECT_EQ(admitted(gate, host(1), kStart, kIntakePerSourceBurst - 1), kIntakePerSourceBurst - 1);
  EXPECT_TRUE(gate.admit(host(1), kStart));
  EXPECT_FALSE(gate.admit(host(1), kStart));
}

TEST(RateGate, LetsASourceGoOnAtItsRate) {
  RateGate gate(1);
  (void)admitted(gate, host(1), kStart, 100);
  int in = 0;
  for (Duration at = 1ms; at <= 10s; at += 1ms) in += gate.admit(host(1), kStart + at) ? 1 : 0;
  EXPECT_EQ(in, 10 * kIntakePerSourcePerSecond);
}

TEST(RateGate, ForgivesAfterAPause) {
  RateGate gate(1);
  (void)admitted(gate, host(1), kStart, 100);
  EXPECT_EQ(admitted(gate, host(1), kStart + 1h, 100), kIntakePerSourceBurst);
}

TEST(RateGate, TakesAllPortsOfAnAddressForOneSource) {
  RateGate gate(1);
  int in = 0;
  for (std::uint16_t port = 1; port <= 1000; ++port) in += gate.admit(host(1, port), kStart) ? 1 : 0;
  EXPECT_EQ(in, kIntakePerSourceBurst);
}

TEST(RateGate, TakesEachPortOfLoopbackForASource) {
  RateGate gate(1);
  for (std::uint16_t port = 40000; port < 40010; ++port) {
    EXPECT_EQ(admitted(gate, {IpAddress::v4(127, 0, 0, 1), port}, kStart, 5), 5) << port;
  }
}

TEST(RateGate, HoldsAllSourcesTogetherToTheirLimit) {
  RateGate gate(1);
  int in = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) in += gate.admit(host(i), kStart) ? 1 : 0;
  EXPECT_EQ(in, kIntakePerSecond);
  EXPECT_FALSE(gate.admit(host(1), kStart + 1ms));
  in = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) in += gate.admit(host(i), kStart + i * 10us) ? 1 : 0;
  EXPECT_NEAR(in, kIntakePerSecond, 1);
}

TEST(RateGate, KeepsOneFloodFromSilencingTheOthers) {
  RateGate gate(1);
  int in = 0;
  for (int i = 0; i < 100'000; ++i) {
    (void)gate.admit(host(1), kStart + i * 10us);
    if (i % 10'000 == 0) in += gate.admit(host(2), kStart + i * 10us) ? 1 : 0;
  }
  EXPECT_EQ(in, 10);
}

TEST(RateGate, OutlivesAClockThatStandsStillOrStepsBack) {
  RateGate gate(1);
  EXPECT_EQ(admitted(gate, host(1), kStart, 1000), kIntakePerSourceBurst);
  EXPECT_FALSE(gate.admit(host(1), kStart - 1s));
  EXPECT_TRUE(gate.admit(host(1), kStart + 100ms));
}

}  // namespace
}  // namespace essaim::discovery
