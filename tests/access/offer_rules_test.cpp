#include "access/offer_rules.hpp"

#include <string>

#include <gtest/gtest.h>

#include "access/peer_id.hpp"

namespace essaim::access {
namespace {

const PeerId kBob{std::string(kKeyPeerIdChars, 'b')};
constexpr OfferFacts kSmall{.bytes = 1000};

Viewer viewer(Trust trust) { return {.proven = kBob, .trust = trust}; }

OfferRules accepting(Audience::Kind kind) {
  OfferRules rules;
  rules.accepted = Audience{.kind = kind};
  return rules;
}

TEST(OfferRules, AskAPersonAboutEverybodysOffersUnlessTheySayOtherwise) {
  EXPECT_EQ(judge_offer({}, viewer(Trust::kStranger), kSmall), OfferVerdict::kAsk);
  EXPECT_EQ(judge_offer({}, viewer(Trust::kTrusted), kSmall), OfferVerdict::kAsk);
  EXPECT_EQ(judge_offer({}, viewer(Trust::kBlocked), kSmall), OfferVerdict::kRefuse);
}

TEST(OfferRules, HearOnlyWhomTheyShouldHear) {
  OfferRules rules;
  rules.heard = Audience{.kind = Audience::Kind::kTrusted};
  EXPECT_EQ(judge_offer(rules, viewer(Trust::kStranger), kSmall), OfferVerdict::kRefuse);
  EXPECT_EQ(judge_offer(rules, viewer(Trust::kTrusted), kSmall), OfferVerdict::kAsk);
  rules.heard.reset();
  EXPECT_EQ(judge_offer(rules, viewer(Trust::kTrusted), kSmall), OfferVerdict::kRefuse);
}

TEST(OfferRules, AcceptForAPersonOnlyFromWhomTheyNamed) {
  const OfferRules rules = accepting(Audience::Kind::kTrusted);
  EXPECT_EQ(judge_offer(rules, viewer(Trust::kTrusted), kSmall), OfferVerdict::kAccept);
  EXPECT_EQ(judge_offer(rules, viewer(Trust::kStranger), kSmall), OfferVerdict::kAsk);
  OfferRules bob;
  bob.accepted = Audience{.kind = Audience::Kind::kPeers, .peers = {kBob}};
  EXPECT_EQ(judge_offer(bob, viewer(Trust::kStranger), kSmall), OfferVerdict::kAccept);
}

TEST(OfferRules, HoldTheirSizesExactly) {
  OfferRules rules = accepting(Audience::Kind::kEveryone);
  rules.bytes_max = 1000;
  rules.quota_bytes = 5000;
  const auto verdict = [&](std::uint64_t bytes, std::uint64_t before) {
    return judge_offer(rules, viewer(Trust::kStranger), {.bytes = bytes, .accepted_bytes = before});
  };
  EXPECT_EQ(verdict(999, 0), OfferVerdict::kAccept);
  EXPECT_EQ(verdict(1000, 0), OfferVerdict::kAccept);
  EXPECT_EQ(verdict(1001, 0), OfferVerdict::kAsk);
  EXPECT_EQ(verdict(1000, 3999), OfferVerdict::kAccept);
  EXPECT_EQ(verdict(1000, 4000), OfferVerdict::kAccept);
  EXPECT_EQ(verdict(1000, 4001), OfferVerdict::kAsk);
  EXPECT_EQ(verdict(1, UINT64_MAX), OfferVerdict::kAsk);
  EXPECT_EQ(verdict(UINT64_MAX, 1), OfferVerdict::kAsk);
}

TEST(OfferRules, LetOnlySoManyWait) {
  const auto verdict = [](std::size_t of_peer, std::size_t all) {
    return judge_offer({}, viewer(Trust::kStranger), {.waiting_of_peer = of_peer, .waiting = all});
  };
  EXPECT_EQ(verdict(kOffersWaitingPerPeerMax - 1, 0), OfferVerdict::kAsk);
  EXPECT_EQ(verdict(kOffersWaitingPerPeerMax, 0), OfferVerdict::kBusy);
  EXPECT_EQ(verdict(kOffersWaitingPerPeerMax + 1, 0), OfferVerdict::kBusy);
  EXPECT_EQ(verdict(0, kOffersWaitingMax - 1), OfferVerdict::kAsk);
  EXPECT_EQ(verdict(0, kOffersWaitingMax), OfferVerdict::kBusy);
}

}  // namespace
}  // namespace essaim::access
