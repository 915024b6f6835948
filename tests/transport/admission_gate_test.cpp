#include "transport/admission_gate.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace essaim::transport {
namespace {

IpAddress address(std::size_t number) {
  return IpAddress::v4(10, 0, static_cast<std::uint8_t>(number / 256), static_cast<std::uint8_t>(number % 256));
}

const IpAddress kLoopback = IpAddress::v4(127, 0, 0, 1);

// `count` connections of each of the addresses from `first` on.
std::vector<DoorPlace> enter(AdmissionGate& gate, std::size_t first, std::size_t addresses, std::size_t count) {
  std::vector<DoorPlace> places;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t from = first; from < first + addresses; ++from) {
      const auto entry = gate.try_enter(address(from));
      EXPECT_TRUE(entry && !entry->evicted);
      if (entry) places.push_back(entry->place);
    }
  }
  gate.check_invariants();
  return places;
}

TEST(AdmissionGate, LetsEightInFromOneAddress) {
  AdmissionGate gate;
  const auto places = enter(gate, 1, 1, kUnprovenConnectionsPerAddressMax);
  EXPECT_FALSE(gate.try_enter(address(1)));
  EXPECT_TRUE(gate.try_enter(address(2)));
  gate.leave(places.front());
  EXPECT_TRUE(gate.try_enter(address(1)));
  EXPECT_EQ(gate.turned_away(), 1U);
  gate.check_invariants();
}

TEST(AdmissionGate, LetsAnyNumberInFromThisMachineUntilAllPlacesAreTaken) {
  AdmissionGate gate;
  for (std::size_t i = 0; i < kUnprovenConnectionsMax; ++i) EXPECT_TRUE(gate.try_enter(kLoopback));
  EXPECT_FALSE(gate.try_enter(kLoopback));
  EXPECT_EQ(gate.inside(), kUnprovenConnectionsMax);
  gate.check_invariants();
}

TEST(AdmissionGate, NeverHoldsMoreThanItsLimit) {
  AdmissionGate gate;
  for (std::size_t i = 0; i < 10000; ++i) {
    static_cast<void>(gate.try_enter(address(i * 7 % 300)));
    gate.check_invariants();
  }
  EXPECT_EQ(gate.inside(), kUnprovenConnectionsMax);
}

TEST(AdmissionGate, GivesANewcomerThePlaceOfWhoHasMost) {
  AdmissionGate gate;
  enter(gate, 1, 28, 2);
  const auto many = enter(gate, 100, 1, 8);
  const auto entry = gate.try_enter(address(50));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->evicted, many.front()) << "the first that came of the address with the most";
  EXPECT_EQ(gate.inside(), kUnprovenConnectionsMax);
  EXPECT_EQ(gate.evicted(), 1U);
  gate.leave(many.front());
  EXPECT_EQ(gate.inside(), kUnprovenConnectionsMax) << "who was evicted has left already";
}

TEST(AdmissionGate, TurnsAwayWhoHasAsManyAsAnybody) {
  AdmissionGate gate;
  enter(gate, 1, 8, 8);
  EXPECT_FALSE(gate.try_enter(address(1)));
  AdmissionGate other;
  enter(other, 1, 64, 1);
  EXPECT_FALSE(other.try_enter(address(1)));
  EXPECT_TRUE(other.try_enter(address(65)));
}

// Hosts that open connections as fast as they can against one that comes now and then and needs as long for its
// handshake as others take to open 60.
TEST(AdmissionGate, LetsAnHonestPeerInWhateverOthersDo) {
  for (const std::size_t hosts : {1U, 8U, 63U, 64U, 200U}) {
    AdmissionGate gate;
    for (std::size_t i = 0; i < 1000; ++i) static_cast<void>(gate.try_enter(address(i % hosts)));
    const auto honest = gate.try_enter(address(5000));
    ASSERT_TRUE(honest) << hosts;
    for (std::size_t i = 0; i < 60; ++i) {
      const auto other = gate.try_enter(address(i % hosts));
      EXPECT_FALSE(other && other->evicted == honest->place) << hosts;
    }
  }
}

}  // namespace
}  // namespace essaim::transport
