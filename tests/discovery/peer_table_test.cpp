#include "discovery/peer_table.hpp"

#include <chrono>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discovery/limits.hpp"
#include "discovery/peer_table_fixture.hpp"

namespace essaim::discovery {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Endpoint tcp(unsigned host_number, std::uint16_t port = 5001) { return {host(host_number), port}; }

TEST_F(PeerTableTest, APeerAppearsWithTheAddressThatItsDatagramCameFrom) {
  EXPECT_THAT(announce(ana, 1, kStart), just(Kind::kAppeared, ana));
  const NearPeer* const peer = table.find(ana);
  ASSERT_NE(peer, nullptr);
  EXPECT_TRUE(peer->online);
  EXPECT_EQ(peer->name, "Ana");
  EXPECT_EQ(peer->level, wire::Level::kPeer);
  EXPECT_EQ(peer->proof, Proof::kNone);
  EXPECT_EQ(peer->heard->from.path, DatagramPath::kBroadcast);
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(1)));
  EXPECT_EQ(table.online(), 1U);
}

TEST_F(PeerTableTest, APeerThatSaysNothingNewIsNoEvent) {
  (void)announce(ana, 1, kStart);
  EXPECT_THAT(announce(ana, 1, kStart + 10s), IsEmpty());
}

TEST_F(PeerTableTest, EachChangeOfAnUnverifiedPeerIsAnEvent) {
  (void)announce(ana, 1, kStart);
  Announcement announcement = announcement_of(ana);
  announcement.name = "Ana Maria";
  EXPECT_THAT(table.on_announcement(announcement, from(1), kStart), just(Kind::kChanged, ana));
  announcement.rev = 2;
  EXPECT_THAT(table.on_announcement(announcement, from(1), kStart), just(Kind::kChanged, ana));
  EXPECT_THAT(table.on_announcement(announcement, from(2), kStart), just(Kind::kChanged, ana)) << "an address";
  announcement.name.clear();
  EXPECT_THAT(table.on_announcement(announcement, from(2), kStart), IsEmpty()) << "no name is no other name";
  EXPECT_EQ(table.find(ana)->name, "Ana Maria");
}

TEST_F(PeerTableTest, OurOwnIdIsIgnoredWhereverItTurnsUp) {
  EXPECT_THAT(announce(self, 1, kStart), IsEmpty());
  EXPECT_THAT(leave(self, 1, kStart), IsEmpty());
  EXPECT_THAT(open(self, 1, kStart), IsEmpty());
  EXPECT_THAT(close(self, kStart), IsEmpty());
  EXPECT_THAT(table.note_address(self, tcp(1), kStart), IsEmpty());
  EXPECT_EQ(table.find(self), nullptr);
}

TEST_F(PeerTableTest, APeerIsOnlineForItsLifetimeAfterEachDatagram) {
  (void)announce(classic, 1, kStart);
  EXPECT_EQ(table.next_deadline(), kStart + kPeerLifetime);
  (void)announce(classic, 1, kStart + 20s);
  EXPECT_THAT(table.on_time(kStart + 20s + kPeerLifetime - 1us), IsEmpty());
  EXPECT_THAT(table.on_time(kStart + 20s + kPeerLifetime), just(Kind::kGone, classic));
  EXPECT_EQ(table.find(classic), nullptr);
  EXPECT_EQ(table.next_deadline(), std::nullopt);
}

TEST_F(PeerTableTest, TheLifetimeIsLongWherePeersAreMany) {
  for (unsigned i = 1; i <= kPatientPeers + 1; ++i) (void)announce(key_id(i), i, kStart);
  EXPECT_EQ(table.on_time(kStart + kPeerLifetime).size(), kPatientPeers - 1);
  for (unsigned i = kPatientPeers - 1; i <= kPatientPeers + 1; ++i) {
    EXPECT_EQ(is_online(key_id(i)), i >= kPatientPeers) << i;
  }
  EXPECT_THAT(table.on_time(kStart + kCrowdedPeerLifetime - 1us), IsEmpty());
  EXPECT_EQ(table.on_time(kStart + kCrowdedPeerLifetime).size(), 2U);
}

TEST_F(PeerTableTest, APeerIsOnlineAsLongAsASessionLives) {
  EXPECT_THAT(open(ana, 1, kStart), just(Kind::kAppeared, ana));
  EXPECT_EQ(table.next_deadline(), std::nullopt);
  (void)open(ana, 1, kStart);
  EXPECT_THAT(table.on_time(kStart + 1h), IsEmpty());
  EXPECT_THAT(close(ana, kStart + 1h), IsEmpty());
  EXPECT_THAT(table.on_time(kStart + 2h), IsEmpty()) << "the second session lives";
  EXPECT_THAT(close(ana, kStart + 2h), IsEmpty());
  EXPECT_THAT(table.on_time(kStart + 2h + kPeerLifetime - 1us), IsEmpty());
  EXPECT_THAT(table.on_time(kStart + 2h + kPeerLifetime), just(Kind::kGone, ana));
}

TEST_F(PeerTableTest, AVerifiedPeerIsRememberedForADay) {
  verify(ana, 1, kStart);
  const Instant gone = kStart + kPeerLifetime;
  EXPECT_THAT(table.on_time(gone), just(Kind::kGone, ana));
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(1)));
  EXPECT_EQ(table.next_deadline(), gone + kVerifiedPeerMemory);
  EXPECT_THAT(table.on_time(gone + kVerifiedPeerMemory - 1us), IsEmpty());
  EXPECT_NE(table.find(ana), nullptr);
  EXPECT_THAT(table.on_time(gone + kVerifiedPeerMemory), IsEmpty()) << "it was gone before";
  EXPECT_EQ(table.find(ana), nullptr);
}

TEST_F(PeerTableTest, ASessionProvesThePeerAndItsAddress) {
  (void)announce(ana, 1, kStart);
  EXPECT_THAT(open(ana, 1, kStart), just(Kind::kChanged, ana));
  EXPECT_EQ(table.find(ana)->proof, Proof::kSession);
  EXPECT_TRUE(table.find(ana)->addresses.proven_at(host(1)));
}

TEST_F(PeerTableTest, ASessionTellsNameAndRev) {
  (void)announce(ana, 1, kStart);
  const SessionFacts facts{.level = wire::Level::kPeer, .name = "Ana of the session", .rev = 9};
  (void)table.on_session_opened(ana, tcp(1), facts, kStart);
  EXPECT_EQ(table.find(ana)->name, facts.name);
  EXPECT_EQ(table.find(ana)->rev, facts.rev);
  EXPECT_THAT(table.on_rev(ana, 10), just(Kind::kChanged, ana));
  EXPECT_THAT(table.on_rev(ana, 10), IsEmpty());
  EXPECT_THAT(table.on_rev(key_id(2), 10), IsEmpty());
}

TEST_F(PeerTableTest, APeerThatListensNowhereHasNoAddress) {
  (void)table.on_session_opened(ana, tcp(1, 0), kSecureFacts, kStart);
  EXPECT_TRUE(is_online(ana));
  EXPECT_THAT(table.addresses_to_dial(ana), IsEmpty());
}

TEST_F(PeerTableTest, APeerHeardWithoutAPortHasNoAddress) {
  Announcement announcement = announcement_of(classic);
  announcement.port = 0;
  EXPECT_THAT(table.on_announcement(announcement, from(1), kStart), just(Kind::kAppeared, classic));
  EXPECT_THAT(table.addresses_to_dial(classic), IsEmpty());
}

TEST_F(PeerTableTest, AForgedDatagramChangesNothingOfAVerifiedPeerButAsksForAProbe) {
  verify(ana, 1, kStart);
  Announcement forged = announcement_of(ana);
  forged.name = "Not Ana";
  forged.rev = 99;
  forged.port = 6666;
  EXPECT_THAT(table.on_announcement(forged, from(66), kStart + 20s), just(Kind::kProbe, ana));
  EXPECT_THAT(table.on_announcement(forged, from(66), kStart + 20s), IsEmpty()) << "one probe for one address";
  EXPECT_EQ(table.find(ana)->name, "Ana");
  EXPECT_EQ(table.find(ana)->rev, 1U);
  EXPECT_EQ(table.find(ana)->heard, std::nullopt);
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(1), tcp(66, 6666)));
  EXPECT_THAT(table.on_time(kStart + kPeerLifetime), just(Kind::kGone, ana)) << "a forger kept it online";
}

TEST_F(PeerTableTest, AVerifiedPeerIsFoundAgainAtAnotherAddress) {
  verify(ana, 1, kStart);
  (void)table.on_time(kStart + kPeerLifetime);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(announce(ana, 2, kStart + 60s), just(Kind::kProbe, ana)) << "until somebody has looked";
  }
  EXPECT_THAT(open(ana, 2, kStart + 61s), just(Kind::kAppeared, ana));
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(2), tcp(1)));
  EXPECT_THAT(announce(ana, 2, kStart + 62s), IsEmpty());
}

TEST_F(PeerTableTest, AVerifiedPeerIsBelievedAtAnAddressThatItProved) {
  (void)open(ana, 1, kStart);
  Announcement announcement = announcement_of(ana);
  announcement.rev = 2;
  announcement.name = "From a datagram";
  EXPECT_THAT(table.on_announcement(announcement, from(1), kStart), just(Kind::kChanged, ana));
  EXPECT_EQ(table.find(ana)->rev, 2U);
  EXPECT_EQ(table.find(ana)->name, "Ana") << "a name comes from inside the session";
  announcement.port = 5002;
  EXPECT_THAT(table.on_announcement(announcement, from(1), kStart), just(Kind::kProbe, ana)) << "it listens elsewhere";
}

TEST_F(PeerTableTest, AVerifiedPeerComesBackByItsDatagram) {
  verify(ana, 1, kStart);
  (void)table.on_time(kStart + kPeerLifetime);
  EXPECT_THAT(announce(ana, 1, kStart + 60s), just(Kind::kAppeared, ana));
}

TEST_F(PeerTableTest, ALevelNeverFalls) {
  Announcement claims_less = announcement_of(ana);
  claims_less.level = wire::Level::kClassic;
  (void)table.on_announcement(claims_less, from(1), kStart);
  EXPECT_EQ(table.find(ana)->level, wire::Level::kClassic);
  EXPECT_THAT(announce(ana, 1, kStart), just(Kind::kChanged, ana));
  (void)table.on_announcement(claims_less, from(1), kStart);
  EXPECT_EQ(table.find(ana)->level, wire::Level::kPeer);
  verify(ana, 1, kStart);
  (void)table.on_announcement(claims_less, from(1), kStart);
  EXPECT_EQ(table.find(ana)->level, wire::Level::kPeer);
}

TEST_F(PeerTableTest, AClassicSessionMeansNothingForAVerifiedPeer) {
  verify(ana, 1, kStart);
  (void)table.on_time(kStart + kPeerLifetime);
  EXPECT_THAT(table.on_session_opened(ana, tcp(1), kClassicFacts, kStart + 60s), IsEmpty());
  EXPECT_FALSE(is_online(ana));
  (void)open(ana, 1, kStart + 61s);
  EXPECT_THAT(table.on_session_closed(ana, wire::Level::kClassic, kStart + 62s), IsEmpty());
  EXPECT_THAT(table.on_time(kStart + 1h), IsEmpty()) << "its own session lives";
  EXPECT_TRUE(is_online(ana));
}

TEST_F(PeerTableTest, AClassicSessionKeepsAClassicPeerOnline) {
  EXPECT_THAT(table.on_session_opened(classic, tcp(1, 0), kClassicFacts, kStart), just(Kind::kAppeared, classic));
  EXPECT_THAT(table.on_time(kStart + 1h), IsEmpty());
  EXPECT_THAT(table.on_session_closed(classic, wire::Level::kClassic, kStart + 1h), IsEmpty());
  EXPECT_THAT(table.on_time(kStart + 1h + kPeerLifetime), just(Kind::kGone, classic));
}

TEST_F(PeerTableTest, AGoodbyeTakesAPeerOfflineAtOnce) {
  (void)announce(classic, 1, kStart);
  EXPECT_THAT(leave(classic, 1, kStart), just(Kind::kGone, classic));
  EXPECT_EQ(table.find(classic), nullptr);
  verify(ana, 1, kStart);
  EXPECT_THAT(leave(ana, 1, kStart), just(Kind::kGone, ana));
  EXPECT_NE(table.find(ana), nullptr);
  EXPECT_THAT(leave(ana, 1, kStart), IsEmpty()) << "it is gone already";
}

TEST_F(PeerTableTest, AGoodbyeFromElsewhereMeansNothing) {
  (void)announce(classic, 1, kStart);
  EXPECT_THAT(leave(classic, 66, kStart), IsEmpty());
  verify(ana, 1, kStart);
  (void)announce(ana, 66, kStart);
  EXPECT_THAT(leave(ana, 66, kStart), IsEmpty()) << "an unproven address of a verified peer";
  EXPECT_THAT(leave(key_id(9), 1, kStart), IsEmpty());
  EXPECT_EQ(table.online(), 2U);
}

TEST_F(PeerTableTest, AGoodbyeOfAPeerWithASessionIsProbedAndTakesEffectWithTheSession) {
  (void)open(ana, 1, kStart);
  EXPECT_THAT(leave(ana, 1, kStart), just(Kind::kProbe, ana));
  EXPECT_TRUE(is_online(ana));
  EXPECT_THAT(close(ana, kStart + 1s), just(Kind::kGone, ana));
}

TEST_F(PeerTableTest, AGoodbyeIsForgottenWhenThePeerSpeaksAgain) {
  (void)open(ana, 1, kStart);
  (void)leave(ana, 1, kStart);
  (void)announce(ana, 1, kStart + 1s);
  EXPECT_THAT(close(ana, kStart + 2s), IsEmpty());
  EXPECT_TRUE(is_online(ana));
}

TEST_F(PeerTableTest, AGoodbyeInsideASessionTakesEffectWithTheLastOne) {
  (void)open(ana, 1, kStart);
  (void)open(ana, 1, kStart);
  table.on_session_goodbye(ana);
  EXPECT_THAT(close(ana, kStart), IsEmpty());
  EXPECT_THAT(close(ana, kStart), just(Kind::kGone, ana));
  table.on_session_goodbye(key_id(9));
}

TEST_F(PeerTableTest, AHintMakesAPeerKnownButNotOnline) {
  EXPECT_THAT(table.note_address(ana, tcp(1), kStart), IsEmpty());
  EXPECT_FALSE(is_online(ana));
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(1)));
  EXPECT_EQ(table.find(ana)->level, wire::Level::kPeer) << "plain text to a peer that is named by its key";
  EXPECT_THAT(table.note_address(ana, tcp(2, 0), kStart), IsEmpty());
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(1))) << "port 0 is no address";
  EXPECT_THAT(table.on_time(kStart + kPeerLifetime), IsEmpty());
  EXPECT_EQ(table.find(ana), nullptr);
}

TEST_F(PeerTableTest, AHintIsTriedAfterWhatIsProven) {
  verify(ana, 1, kStart);
  (void)table.note_address(ana, tcp(2), kStart + 1s);
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(1), tcp(2)));
  EXPECT_THAT(table.addresses_to_dial(key_id(9)), IsEmpty());
}

TEST_F(PeerTableTest, CandidatesNobodySpokeOfForLongAreForgotten) {
  (void)open(ana, 1, kStart);
  (void)announce(ana, 66, kStart);
  (void)table.on_time(kStart + kCrowdedPeerLifetime);
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(1), tcp(66)));
  (void)table.on_time(kStart + kCrowdedPeerLifetime + 1us);
  EXPECT_THAT(table.addresses_to_dial(ana), ElementsAre(tcp(1)));
}

TEST_F(PeerTableTest, AllAreListedByTheirIds) {
  for (const unsigned number : {3U, 1U, 2U}) (void)announce(key_id(number), number, kStart);
  std::vector<PeerId> ids;
  for (const NearPeer& peer : table.all()) ids.push_back(peer.peer_id);
  EXPECT_THAT(ids, ElementsAre(key_id(1), key_id(2), key_id(3)));
}

}  // namespace
}  // namespace essaim::discovery
