#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discovery/limits.hpp"
#include "discovery/peer_table.hpp"
#include "discovery/peer_table_fixture.hpp"

namespace essaim::discovery {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

PeerId classic_id(std::size_t number) { return {"classic-" + std::to_string(number)}; }

TEST_F(PeerTableTest, AnAddressIntroducesAtMostItsLimitOfUnverifiedPeers) {
  for (unsigned i = 0; i < kUnverifiedPeersPerAddressMax; ++i) {
    EXPECT_THAT(announce(classic_id(i), 1, kStart), just(Kind::kAppeared, classic_id(i)));
  }
  const PeerId other = classic_id(100);
  (void)announce(other, 2, kStart);
  const PeerEvents events = announce(classic_id(kUnverifiedPeersPerAddressMax), 1, kStart);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, Kind::kGone);
  EXPECT_NE(events[0].peer_id, other) << "one address cost another its place";
  EXPECT_EQ(events[1], (PeerEvent{Kind::kAppeared, classic_id(kUnverifiedPeersPerAddressMax)}));
  EXPECT_EQ(table.online(), kUnverifiedPeersPerAddressMax + 1);
}

TEST_F(PeerTableTest, UnverifiedPeersAreAtMostTheirLimit) {
  for (unsigned i = 0; i < kUnverifiedPeersMax - 1; ++i) (void)announce(classic_id(i), i, kStart);
  EXPECT_EQ(announce(classic_id(9000), 9000, kStart).size(), 1U);
  EXPECT_EQ(table.online(), kUnverifiedPeersMax);
  EXPECT_EQ(announce(classic_id(9001), 9001, kStart).size(), 2U) << "one has to go";
  EXPECT_EQ(table.online(), kUnverifiedPeersMax);
}

TEST_F(PeerTableTest, AFloodOfIdsCostsNoVerifiedPeerAndNoSession) {
  verify(ana, 1, kStart);
  (void)table.on_session_opened(classic, {host(2), 5001}, kClassicFacts, kStart);
  for (unsigned i = 0; i < 5000; ++i) (void)announce(classic_id(i), i, kStart);
  EXPECT_TRUE(is_online(ana));
  EXPECT_TRUE(is_online(classic));
  EXPECT_EQ(table.online(), kUnverifiedPeersMax + 1);
}

TEST_F(PeerTableTest, WhoHasToGoIsTheSeedsChoice) {
  const auto survivors = [](std::uint64_t seed) {
    PeerTable flooded({"self"}, seed);
    for (unsigned i = 0; i < 2 * kUnverifiedPeersMax; ++i) {
      (void)flooded.on_announcement(announcement_of(classic_id(i)), from(i), kStart);
    }
    std::vector<PeerId> ids;
    for (const NearPeer& peer : flooded.all()) ids.push_back(peer.peer_id);
    return ids;
  };
  EXPECT_EQ(survivors(1), survivors(1));
  EXPECT_NE(survivors(1), survivors(2));
  const auto ids = survivors(1);
  const auto old = std::ranges::count_if(ids, [](const PeerId& id) { return std::stoul(id.text.substr(8)) < 256; });
  EXPECT_NEAR(static_cast<double>(old), 256.0 / 2.72, 25.0) << "age should not decide";
}

TEST_F(PeerTableTest, ANewcomerIsNotTakenWhereEveryPlaceHasASession) {
  for (unsigned i = 0; i < kUnverifiedPeersPerAddressMax; ++i) {
    (void)table.on_session_opened(classic_id(i), {host(1), 0}, kClassicFacts, kStart);
  }
  EXPECT_THAT(announce(classic_id(100), 1, kStart), IsEmpty());
  EXPECT_EQ(table.find(classic_id(100)), nullptr);
  EXPECT_THAT(table.note_address(classic_id(100), {host(1), 5001}, kStart), IsEmpty());
  EXPECT_THAT(table.on_session_opened(classic_id(100), {host(1), 0}, kClassicFacts, kStart), IsEmpty());
  EXPECT_THAT(table.on_session_closed(classic_id(100), wire::Level::kClassic, kStart), IsEmpty());
}

TEST_F(PeerTableTest, AFullTableForgetsTheVerifiedPeerThatIsOfflineTheLongest) {
  for (unsigned i = 0; i < kPeersMax; ++i) verify(key_id(1000 + i), i, kStart + std::chrono::milliseconds(i));
  EXPECT_EQ(table.all().size(), kPeersMax);
  EXPECT_THAT(announce(ana, 5000, kStart + 2s), IsEmpty()) << "everybody is online, so there is no place";
  (void)table.on_time(kStart + kPeerLifetime);
  EXPECT_THAT(announce(ana, 5000, kStart + kPeerLifetime), just(Kind::kAppeared, ana));
  EXPECT_EQ(table.all().size(), kPeersMax);
  EXPECT_EQ(table.find(key_id(1000)), nullptr);
  EXPECT_NE(table.find(key_id(1001)), nullptr);
}

TEST_F(PeerTableTest, AVerifiedNewcomerTakesAnUnverifiedPeersPlaceFirst) {
  for (unsigned i = 0; i < kPeersMax - 1; ++i) (void)open(key_id(1000 + i), i, kStart);
  (void)announce(classic, 5000, kStart);
  EXPECT_THAT(open(ana, 5001, kStart), ElementsAre(PeerEvent{Kind::kGone, classic}, PeerEvent{Kind::kAppeared, ana}));
  EXPECT_THAT(open(key_id(999), 5002, kStart), IsEmpty()) << "now every place has a session";
  EXPECT_THAT(close(key_id(999), kStart), IsEmpty());
}

// One random call; the answer says everything that came out of it.
PeerEvents random_call(PeerTable& table, std::mt19937_64& random, Instant& now) {
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  const PeerId peer_id = below(2) == 0 ? key_id(below(40)) : classic_id(below(400));
  const unsigned host_number = below(60);
  const Endpoint listening{host(host_number), static_cast<std::uint16_t>(below(3) == 0 ? 0 : 5001 + below(3))};
  const auto level = below(2) == 0 ? wire::Level::kPeer : wire::Level::kClassic;
  switch (below(9)) {
    case 0: return table.on_announcement(goodbye_of(peer_id), from(host_number), now);
    case 1: return table.on_session_opened(peer_id, listening, {.level = level, .name = "n", .rev = below(3)}, now);
    case 2: return table.on_session_closed(peer_id, level, now);
    case 3: return table.on_rev(peer_id, below(3));
    case 4: return table.note_address(peer_id, listening, now);
    case 5: now += std::chrono::milliseconds(below(4000)); return table.on_time(now);
    case 6: table.on_session_goodbye(peer_id); return {};
    default: {
      Announcement announcement = announcement_of(peer_id);
      announcement.port = static_cast<std::uint16_t>(5001 + below(3));
      announcement.rev = below(3);
      return table.on_announcement(announcement, from(host_number), now);
    }
  }
}

TEST(PeerTableRandomCalls, KeepItsInvariantsAndItsEventsTrueToItsState) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    PeerTable table(key_id(0), seed);
    PeerTable twin(key_id(0), seed);
    std::mt19937_64 random(seed);
    std::mt19937_64 twin_random(seed);
    Instant now = kStart;
    Instant twin_now = kStart;
    std::map<PeerId, bool> online;
    for (int i = 0; i < 3000; ++i) {
      const PeerEvents events = random_call(table, random, now);
      ASSERT_EQ(events, random_call(twin, twin_random, twin_now)) << "seed " << seed << ", call " << i;
      for (const PeerEvent& event : events) {
        if (event.kind == Kind::kAppeared) ASSERT_FALSE(std::exchange(online[event.peer_id], true));
        if (event.kind == Kind::kGone) ASSERT_TRUE(std::exchange(online[event.peer_id], false));
      }
      if (i % 50 != 0) continue;
      table.check_invariants();
      std::size_t count = 0;
      for (const auto& [id, is_online] : online) {
        const NearPeer* const peer = table.find(id);
        ASSERT_EQ(is_online, peer != nullptr && peer->online) << id.text;
        count += is_online ? 1 : 0;
      }
      ASSERT_EQ(count, table.online());
    }
  }
}

}  // namespace
}  // namespace essaim::discovery
