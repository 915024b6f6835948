// Trust, pairing and offers, between whole nodes.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

class PeopleTest : public test::NodeTest {
 protected:
  static PeerView peer_of(test::RunningNode& node, const std::string& name) {
    return node.look([&](Node& known) {
      for (PeerView& view : known.peers()) {
        if (view.name == name) return view;
      }
      return PeerView{};
    });
  }
  static std::string trust_of(test::RunningNode& node, const std::string& name) { return peer_of(node, name).trust; }
  static Outcome<PeerView> judge(test::RunningNode& node, const std::string& peer, access::Trust trust) {
    return node.ask([&](Facade& known) { return known.set_trust(peer, trust); });
  }
  static Outcome<PairingView> pair(test::RunningNode& node, const std::string& peer) {
    return node.ask([&](Facade& known) { return known.pair(peer); });
  }
  static Outcome<PairingView> confirm(test::RunningNode& node, const std::string& peer) {
    return node.ask([&](Facade& known) { return known.confirm_pairing(peer); });
  }
  // Its only pairing gets there.
  static bool pairing_is(test::RunningNode& node, PairingState state) {
    return node.until([&](Node& known) {
      const auto all = known.pairings();
      return !all.empty() && all.front().state == state;
    });
  }
  static std::vector<OfferView> offers(test::RunningNode& node) {
    return node.look([](Node& known) { return known.offers(); });
  }
  // The first offer there, once it is in this state.
  static OfferView offer_in(test::RunningNode& node, OfferState state) {
    EXPECT_TRUE(node.until([&](Node& known) {
      const auto all = known.offers();
      return !all.empty() && all.front().state == state;
    })) << "never "
        << to_string(state);
    const auto all = offers(node);
    return all.empty() ? OfferView{} : all.front();
  }
  Outcome<OfferView> send(test::RunningNode& node, const std::string& what, std::vector<std::string> to) {
    return node.ask(
        [&](Facade& known) { return known.send({.paths = {(dir / what).string()}, .peers = std::move(to)}); });
  }
  static Outcome<OfferView> accept(test::RunningNode& node, const std::string& id) {
    return node.ask([&](Facade& known) { return known.accept({.offer = id}); });
  }

  PeopleTest() { test::write_file(dir / "gift.bin", test::noise(700'000)); }
  std::unique_ptr<test::RunningNode> alice = start("alice");
  std::unique_ptr<test::RunningNode> bob = start("bob");
};

TEST_F(PeopleTest, TwoPeoplePairByTheSameDigits) {
  const auto at_alice = pair(*alice, "bob");
  ASSERT_TRUE(at_alice) << at_alice.error().message;
  const auto at_bob = pair(*bob, "alice");
  ASSERT_TRUE(at_bob) << at_bob.error().message;
  EXPECT_EQ(at_alice->digits, at_bob->digits);
  EXPECT_EQ(at_alice->digits.size(), 6U);
  EXPECT_FALSE(at_alice->incoming);
  EXPECT_TRUE(at_bob->incoming);
  ASSERT_TRUE(confirm(*alice, "bob"));
  EXPECT_EQ(trust_of(*alice, "bob"), "unknown") << "one yes is no pairing";
  ASSERT_TRUE(confirm(*bob, "alice"));
  EXPECT_TRUE(pairing_is(*bob, PairingState::kDone));
  EXPECT_TRUE(pairing_is(*alice, PairingState::kDone));
  EXPECT_EQ(trust_of(*alice, "bob"), "trusted");
  EXPECT_EQ(trust_of(*bob, "alice"), "trusted");
}

TEST_F(PeopleTest, WhoBeginsAtTheSameTimePairsOnce) {
  ASSERT_TRUE(alice->sees(1));
  ASSERT_TRUE(bob->sees(1));
  std::optional<Outcome<PairingView>> at_bob;
  std::thread both([&] { at_bob = pair(*bob, "alice"); });
  const auto at_alice = pair(*alice, "bob");
  both.join();
  ASSERT_TRUE(at_alice) << at_alice.error().message;
  ASSERT_TRUE(*at_bob) << at_bob->error().message;
  EXPECT_EQ(at_alice->digits, (*at_bob)->digits);
}

TEST_F(PeopleTest, APairingThatOneSideRefusesIsNone) {
  ASSERT_TRUE(pair(*alice, "bob"));
  ASSERT_TRUE(confirm(*alice, "bob"));
  ASSERT_TRUE(bob->until([](Node& node) { return !node.pairings().empty(); }));
  const auto refused = bob->ask([](Facade& node) { return node.reject_pairing("alice"); });
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_EQ(refused->state, PairingState::kFailed);
  EXPECT_TRUE(pairing_is(*alice, PairingState::kFailed));
  EXPECT_EQ(trust_of(*alice, "bob"), "unknown");
  EXPECT_EQ(trust_of(*bob, "alice"), "unknown");
}

TEST_F(PeopleTest, AfterThreeFailuresThePeerHasToWait) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(pair(*alice, "bob"));
    ASSERT_TRUE(alice->ask([](Facade& node) { return node.reject_pairing("bob"); }));
  }
  const auto fourth = pair(*alice, "bob");
  ASSERT_FALSE(fourth);
  EXPECT_EQ(fourth.error().code, FailureCode::kRefused);
  // The other side counts for itself.
  ASSERT_TRUE(pairing_is(*bob, PairingState::kFailed));
  EXPECT_FALSE(pair(*bob, "alice"));
}

TEST_F(PeopleTest, TrustLastsAndIsTakenBack) {
  ASSERT_TRUE(judge(*alice, "bob", access::Trust::kTrusted));
  EXPECT_EQ(trust_of(*alice, "bob"), "trusted");
  ASSERT_TRUE(alice->stop());
  alice.reset();
  bob.reset();
  alice = start("alice");
  EXPECT_EQ(trust_of(*alice, "bob"), "trusted") << "also while it is not near";
  EXPECT_FALSE(peer_of(*alice, "bob").online);
  ASSERT_TRUE(alice->ask([](Facade& node) { return node.forget("bob"); }));
  EXPECT_EQ(trust_of(*alice, "bob"), "") << "not shown any more";
}

TEST_F(PeopleTest, WhoIsBlockedSeesNothing) {
  alice->share(dir / "gift.bin");
  ASSERT_TRUE(bob->ask([](Facade& node) { return node.list({.peer = "alice"}); }));
  ASSERT_TRUE(judge(*alice, "bob", access::Trust::kBlocked));
  ASSERT_TRUE(bob->until([](Node& node) { return node.metrics().size() > 0; }));
  const auto listed = bob->ask([](Facade& node) { return node.list({.peer = "alice"}); });
  EXPECT_FALSE(listed);
  ASSERT_TRUE(alice->ask([](Facade& node) { return node.forget("bob"); }));
  const auto again = bob->ask([](Facade& node) { return node.list({.peer = "alice"}); });
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->entries.size(), 1U);
}

TEST_F(PeopleTest, AnotherKeyUnderAKnownNameIsRefusedByThatName) {
  ASSERT_TRUE(judge(*alice, "bob", access::Trust::kTrusted));
  const PeerId real = peer_of(*alice, "bob").peer_id;
  ASSERT_TRUE(bob->stop());
  bob.reset();
  Config posing = config("mallory");
  posing.name = "bob";
  test::RunningNode mallory(posing);
  test::write_file(dir / "poison.bin", test::noise(1000));
  mallory.share(dir / "poison.bin");
  ASSERT_TRUE(alice->until([&](Node& node) {
    return std::ranges::any_of(node.peers(), [&](const PeerView& view) { return view.online && view.not_the == real; });
  }));
  const auto fetched = alice->get("bob/poison.bin");
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, FailureCode::kRefused);
  EXPECT_NE(fetched.error().message.find(real.text), std::string::npos);
  EXPECT_FALSE(judge(*alice, "bob", access::Trust::kTrusted));
  EXPECT_FALSE(send(*alice, "gift.bin", {"bob"}));
  const std::string id = mallory.status().peer_id.text;
  EXPECT_EQ(alice->fetch(id + "/poison.bin").state, TransferState::kDone) << "by its id it can be meant";
  EXPECT_NE(alice->log().find("not the one known by that name"), std::string::npos);
}

TEST_F(PeopleTest, WhatIsOfferedArrivesWhenItIsAccepted) {
  const auto sent = send(*alice, "gift.bin", {"bob"});
  ASSERT_TRUE(sent) << sent.error().message;
  const OfferView offer = offer_in(*bob, OfferState::kWaiting);
  EXPECT_EQ(offer.peer, "alice");
  EXPECT_TRUE(bob->until([](Node& node) { return node.offers().front().size == 700'000; }));
  EXPECT_EQ(names_in(in("bob")), std::vector<std::string>{}) << "nothing touches the disk before";
  ASSERT_TRUE(accept(*bob, offer.id));
  offer_in(*bob, OfferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "gift.bin"), test::read_file(dir / "gift.bin"));
  const OfferView at_alice = offer_in(*alice, OfferState::kDone);
  EXPECT_EQ(at_alice.recipients.front().state, OfferState::kDone);
  EXPECT_TRUE(alice->look([](Node& node) { return node.shares(); }).empty()) << "the share was made for the offer";
}

TEST_F(PeopleTest, WhatIsDeclinedLeavesNothing) {
  ASSERT_TRUE(send(*alice, "gift.bin", {"bob"}));
  const OfferView offer = offer_in(*bob, OfferState::kWaiting);
  ASSERT_TRUE(bob->ask([&](Facade& node) { return node.decline(offer.id); }));
  offer_in(*alice, OfferState::kDeclined);
  EXPECT_EQ(names_in(in("bob")), std::vector<std::string>{});
  EXPECT_FALSE(accept(*bob, offer.id)) << "a declined offer cannot be accepted later";
}

TEST_F(PeopleTest, AnOfferTakenBackCannotBeAccepted) {
  const auto sent = send(*alice, "gift.bin", {"bob"});
  ASSERT_TRUE(sent);
  const OfferView offer = offer_in(*bob, OfferState::kWaiting);
  ASSERT_TRUE(alice->ask([&](Facade& node) { return node.withdraw(sent->id); }));
  offer_in(*bob, OfferState::kWithdrawn);
  EXPECT_FALSE(accept(*bob, offer.id));
}

TEST_F(PeopleTest, WhatIsNotSharedAnyMoreIsNotOfferedAnyMore) {
  alice->share(dir / "gift.bin");
  ASSERT_TRUE(send(*alice, "gift.bin", {"bob"}));
  offer_in(*bob, OfferState::kWaiting);
  ASSERT_TRUE(alice->ask([](Facade& node) { return node.unshare("gift.bin"); }));
  offer_in(*bob, OfferState::kWithdrawn);
  EXPECT_EQ(offer_in(*alice, OfferState::kWithdrawn).recipients.front().state, OfferState::kWithdrawn);
}

TEST_F(PeopleTest, OffersSurviveARestartOfBothSides) {
  const auto sent = send(*alice, "gift.bin", {"bob"});
  ASSERT_TRUE(sent);
  offer_in(*bob, OfferState::kWaiting);
  ASSERT_TRUE(bob->stop());
  ASSERT_TRUE(alice->stop());
  bob.reset();
  alice.reset();
  bob = start("bob");
  alice = start("alice");
  const OfferView offer = offer_in(*bob, OfferState::kWaiting);
  ASSERT_TRUE(accept(*bob, offer.id));
  offer_in(*bob, OfferState::kDone);
  offer_in(*alice, OfferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "gift.bin"), test::read_file(dir / "gift.bin"));
}

TEST_F(PeopleTest, WhoIsNotNearIsAskedWhenItIs) {
  ASSERT_TRUE(judge(*alice, "bob", access::Trust::kTrusted));
  ASSERT_TRUE(bob->stop());
  bob.reset();
  const auto sent = send(*alice, "gift.bin", {"bob"});
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_FALSE(sent->recipients.front().reached);
  bob = start("bob");
  offer_in(*bob, OfferState::kWaiting);
  EXPECT_TRUE(alice->until([](Node& node) { return node.offers().front().recipients.front().reached; }));
}

TEST_F(PeopleTest, SeveralFetchAnOfferAsOneSwarm) {
  const auto carol = start("carol");
  const auto sent = send(*alice, "gift.bin", {"bob", "carol"});
  ASSERT_TRUE(sent) << sent.error().message;
  ASSERT_TRUE(accept(*bob, offer_in(*bob, OfferState::kWaiting).id));
  offer_in(*bob, OfferState::kDone);
  EXPECT_EQ(offer_in(*alice, OfferState::kWaiting).recipients.size(), 2U);
  ASSERT_TRUE(accept(*carol, offer_in(*carol, OfferState::kWaiting).id));
  offer_in(*carol, OfferState::kDone);
  offer_in(*alice, OfferState::kDone);
  EXPECT_EQ(test::read_file(in("carol") / "gift.bin"), test::read_file(dir / "gift.bin"));
}

TEST_F(PeopleTest, ARuleAcceptsForItsPersonIntoItsFolder) {
  ASSERT_TRUE(judge(*bob, "alice", access::Trust::kTrusted));
  ASSERT_TRUE(bob->stop());
  Config ruled = config("bob");
  ruled.offers.accepted = access::Audience{.kind = access::Audience::Kind::kTrusted};
  ruled.accept_into = (dir / "by-rule").string();
  std::filesystem::create_directory(dir / "by-rule");
  bob.reset();
  bob = std::make_unique<test::RunningNode>(ruled);
  ASSERT_TRUE(send(*alice, "gift.bin", {"bob"}));
  offer_in(*bob, OfferState::kDone);
  EXPECT_EQ(test::read_file(dir / "by-rule/gift.bin"), test::read_file(dir / "gift.bin"));
}

TEST_F(PeopleTest, AFolderIsOfferedWithAllThatIsInIt) {
  for (int i = 0; i < 5; ++i)
    test::write_file(dir / "album" / std::to_string(i), test::noise(5000, static_cast<std::uint64_t>(i) + 1));
  ASSERT_TRUE(send(*alice, "album", {"bob"}));
  const OfferView offer = offer_in(*bob, OfferState::kWaiting);
  ASSERT_TRUE(accept(*bob, offer.id));
  offer_in(*bob, OfferState::kDone);
  for (int i = 0; i < 5; ++i) {
    const auto path = std::filesystem::path("album") / std::to_string(i);
    EXPECT_EQ(test::read_file(in("bob") / path), test::read_file(dir.path() / path));
  }
}

TEST_F(PeopleTest, WhatIsSharedMoreNarrowlyIsNotOpenedByAnOffer) {
  const auto shared = alice->ask(
      [&](Facade& node) { return node.share({.path = (dir / "gift.bin").string(), .audience = "trusted"}); });
  ASSERT_TRUE(shared);
  const auto sent = send(*alice, "gift.bin", {"bob"});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, FailureCode::kRefused);
  EXPECT_EQ(alice->look([](Node& node) { return node.shares(); }).front().audience, "trusted");
}

TEST_F(PeopleTest, AnAudienceCanBeChanged) {
  alice->share(dir / "gift.bin");
  const auto seen = [&] { return bob->ask([](Facade& node) { return node.list({.peer = "alice"}); })->entries.size(); };
  EXPECT_EQ(seen(), 1U);
  for (const auto& [audience, entries] :
       std::vector<std::pair<std::string, std::size_t>>{{"trusted", 0}, {"bob", 1}, {"unlisted", 0}, {"everyone", 1}}) {
    const auto changed = alice->ask(
        [&, to = audience](Facade& node) { return node.share({.path = (dir / "gift.bin").string(), .audience = to}); });
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_EQ(seen(), entries) << audience;
  }
}

}  // namespace
}  // namespace essaim::node
