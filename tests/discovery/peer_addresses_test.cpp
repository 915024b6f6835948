#include "discovery/peer_addresses.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discovery/limits.hpp"

namespace essaim::discovery {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;

constexpr Instant kStart{1000s};

Endpoint at(std::uint8_t host, std::uint16_t port = 5001) { return {IpAddress::v4(10, 0, 0, host), port}; }

struct PeerAddressesTest : testing::Test {
  std::mt19937_64 random{1};
  PeerAddresses addresses;

  std::vector<Endpoint> endpoints() const {
    addresses.check_invariants();
    std::vector<Endpoint> list;
    for (const PeerAddress& address : addresses.list()) list.push_back(address.endpoint);
    return list;
  }
};

TEST_F(PeerAddressesTest, ListsTheNewestFirst) {
  EXPECT_TRUE(addresses.note(at(1), kStart, random));
  EXPECT_TRUE(addresses.note(at(2), kStart + 1s, random));
  EXPECT_THAT(endpoints(), ElementsAre(at(2), at(1)));
  EXPECT_FALSE(addresses.note(at(1), kStart + 2s, random)) << "known already";
  EXPECT_THAT(endpoints(), ElementsAre(at(1), at(2)));
}

TEST_F(PeerAddressesTest, ListsProvenOnesBeforeAll) {
  EXPECT_TRUE(addresses.prove(at(1), kStart, random));
  EXPECT_TRUE(addresses.note(at(2), kStart + 9s, random));
  EXPECT_THAT(endpoints(), ElementsAre(at(1), at(2)));
  EXPECT_TRUE(addresses.prove(at(2), kStart + 9s, random)) << "it was not proven before";
  EXPECT_FALSE(addresses.prove(at(2), kStart + 10s, random));
  EXPECT_THAT(endpoints(), ElementsAre(at(2), at(1)));
}

TEST_F(PeerAddressesTest, KeepsAtMostItsLimit) {
  for (std::uint8_t host = 1; host < kCandidatesPerPeerMax; ++host) addresses.note(at(host), kStart, random);
  EXPECT_EQ(endpoints().size(), kCandidatesPerPeerMax - 1);
  EXPECT_TRUE(addresses.note(at(100), kStart, random));
  EXPECT_EQ(endpoints().size(), kCandidatesPerPeerMax);
  EXPECT_TRUE(addresses.note(at(101), kStart, random));
  EXPECT_EQ(endpoints().size(), kCandidatesPerPeerMax);
  EXPECT_THAT(endpoints(), Contains(at(101)));
}

TEST_F(PeerAddressesTest, NeverLetsAnUnprovenOneDisplaceAProvenOne) {
  for (std::uint8_t host = 1; host <= kCandidatesPerPeerMax; ++host) addresses.prove(at(host), kStart, random);
  const auto before = endpoints();
  EXPECT_FALSE(addresses.note(at(100), kStart + 1s, random));
  EXPECT_EQ(endpoints(), before);
}

TEST_F(PeerAddressesTest, LetsAProvenOneDisplaceAnUnprovenOneFirst) {
  addresses.prove(at(1), kStart, random);
  for (std::uint8_t host = 2; host <= kCandidatesPerPeerMax; ++host) addresses.note(at(host), kStart + 1s, random);
  EXPECT_TRUE(addresses.prove(at(100), kStart + 2s, random));
  EXPECT_EQ(endpoints().size(), kCandidatesPerPeerMax);
  EXPECT_TRUE(addresses.proven_at(at(1).address));
  EXPECT_TRUE(addresses.proven_at(at(100).address));
}

TEST_F(PeerAddressesTest, LetsAProvenOneDisplaceTheOldestProvenOneElse) {
  for (std::uint8_t host = 1; host <= kCandidatesPerPeerMax; ++host) {
    addresses.prove(at(host), kStart + std::chrono::seconds(host), random);
  }
  EXPECT_TRUE(addresses.prove(at(100), kStart + 60s, random));
  EXPECT_FALSE(addresses.any_at(at(1).address));
  EXPECT_EQ(endpoints().front(), at(100));
}

TEST_F(PeerAddressesTest, KnowsAnAddressAtWhateverPort) {
  addresses.note(at(1, 5001), kStart, random);
  EXPECT_TRUE(addresses.any_at(at(1).address));
  EXPECT_FALSE(addresses.proven_at(at(1).address));
  addresses.prove(at(1, 5002), kStart, random);
  EXPECT_TRUE(addresses.proven_at(at(1).address));
  EXPECT_FALSE(addresses.any_at(at(2).address));
}

TEST_F(PeerAddressesTest, ForgetsStaleUnprovenOnesAlone) {
  addresses.prove(at(1), kStart, random);
  addresses.note(at(2), kStart, random);
  addresses.note(at(3), kStart + 1s, random);
  addresses.forget_unproven_before(kStart + 1s);
  EXPECT_THAT(endpoints(), ElementsAre(at(1), at(3)));
}

}  // namespace
}  // namespace essaim::discovery
