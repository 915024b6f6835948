#include "transport/admission_gate.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace essaim::transport {
namespace {

IpAddress address(std::size_t number) {
  return IpAddress::v4(10, 0, static_cast<std::uint8_t>(number / 256), static_cast<std::uint8_t>(number % 256));
}

const IpAddress kLoopback = IpAddress::v4(127, 0, 0, 1);

TEST(AdmissionGate, LetsEightInFromOneAddress) {
  AdmissionGate gate(1);
  for (std::size_t i = 0; i < kUnprovenConnectionsPerAddressMax; ++i) EXPECT_TRUE(gate.try_enter(address(1)));
  EXPECT_FALSE(gate.try_enter(address(1)));
  EXPECT_TRUE(gate.try_enter(address(2)));
  gate.leave(address(1));
  EXPECT_TRUE(gate.try_enter(address(1)));
  EXPECT_EQ(gate.turned_away(), 1U);
  gate.check_invariants();
}

TEST(AdmissionGate, LetsAnyNumberInFromThisMachineUntilItIsNoLongerCalm) {
  AdmissionGate gate(1);
  for (std::size_t i = 0; i < kUnprovenConnectionsCalm; ++i) EXPECT_TRUE(gate.try_enter(kLoopback));
  gate.check_invariants();
}

TEST(AdmissionGate, NeverHoldsMoreThanItsLimit) {
  AdmissionGate gate(7);
  std::size_t tries = 0;
  for (; gate.inside() < kUnprovenConnectionsMax && tries < 100000; ++tries) {
    static_cast<void>(gate.try_enter(address(tries)));
    gate.check_invariants();
  }
  ASSERT_EQ(gate.inside(), kUnprovenConnectionsMax);
  for (std::size_t i = 0; i < 1000; ++i) EXPECT_FALSE(gate.try_enter(i % 2 == 0 ? kLoopback : address(tries + i)));
}

// How many of 10000 newcomers get in while `inside` are there.
std::size_t admitted_with(std::size_t inside) {
  AdmissionGate gate(3);
  for (std::size_t i = 0; gate.inside() < inside; ++i) static_cast<void>(gate.try_enter(address(i)));
  std::size_t admitted = 0;
  for (int i = 0; i < 10000; ++i) {
    if (!gate.try_enter(kLoopback)) continue;
    ++admitted;
    gate.leave(kLoopback);
  }
  return admitted;
}

TEST(AdmissionGate, TurnsMoreAwayTheFullerItIs) {
  EXPECT_EQ(admitted_with(kUnprovenConnectionsCalm - 1), 10000U);
  EXPECT_NEAR(static_cast<double>(admitted_with(kUnprovenConnectionsCalm)), 10000.0 * 32 / 33, 100);
  EXPECT_NEAR(static_cast<double>(admitted_with(48)), 10000.0 * 16 / 33, 300);
  EXPECT_NEAR(static_cast<double>(admitted_with(kUnprovenConnectionsMax - 1)), 10000.0 / 33, 100);
}

TEST(AdmissionGate, AnswersTheSameForTheSameSeed) {
  AdmissionGate one(42);
  AdmissionGate other(42);
  for (std::size_t i = 0; i < 500; ++i) EXPECT_EQ(one.try_enter(address(i)), other.try_enter(address(i)));
}

}  // namespace
}  // namespace essaim::transport
