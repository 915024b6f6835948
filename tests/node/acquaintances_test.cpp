#include "node/acquaintances.hpp"

#include <gtest/gtest.h>

#include "storage/catalogue.hpp"
#include "support/node_fixture.hpp"
#include "support/temp_dir.hpp"

namespace essaim::node {
namespace {

constexpr UnixNanos kNow{1'800'000'000'000'000'000};

UnixNanos days_ago(int days) {
  return UnixNanos{static_cast<std::int64_t>(kNow) - std::chrono::nanoseconds(std::chrono::days(days)).count()};
}

class AcquaintancesTest : public ::testing::Test {
 protected:
  AcquaintancesTest() { EXPECT_TRUE(acquaintances.start(kNow)); }
  void meet(const std::string& id, const std::string& name, UnixNanos when = kNow) {
    acquaintances.on_met({.peer = {id}, .name = name, .address = "10.0.0.1:5001", .when = when});
  }
  // What another start of the node knows.
  [[nodiscard]] Acquaintances again() {
    Acquaintances later(catalogue->peers(), log);
    EXPECT_TRUE(later.start(kNow));
    return later;
  }

  test::TempDir dir;
  storage::Result<storage::Catalogue> catalogue = storage::Catalogue::open((dir.path() / "catalogue.db").string());
  test::KeptLog log;
  Acquaintances acquaintances{catalogue->peers(), log};
};

TEST_F(AcquaintancesTest, ANameBelongsToWhoWasFirstMetUnderIt) {
  meet("k1", "alice");
  EXPECT_EQ(acquaintances.known_by_name({"k1"}, "alice"), std::nullopt);
  EXPECT_EQ(acquaintances.known_by_name({"k2"}, "alice"), PeerId{"k1"});
  meet("k2", "alice");
  EXPECT_NE(log.text().find("is not the one known by that name"), std::string::npos);
  EXPECT_EQ(acquaintances.known_by_name({"k2"}, "alice"), PeerId{"k1"});
  EXPECT_FALSE(acquaintances.find(PeerId{"k2"})) << "who comes with another's name is not taken down";
  EXPECT_TRUE(acquaintances.has_met({"k2"})) << "but it has proved its key";
  EXPECT_EQ(again().known_by_name({"k2"}, "alice"), PeerId{"k1"}) << "after a restart too";
}

TEST_F(AcquaintancesTest, TheWarningComesOnceForEachPeer) {
  meet("k1", "alice");
  for (int i = 0; i < 3; ++i) meet("k2", "alice");
  const std::string text = log.text();
  const auto first = text.find("known by that name");
  EXPECT_EQ(text.find("known by that name", first + 1), std::string::npos);
}

TEST_F(AcquaintancesTest, WhoTakesAnothersNameLaterIsFoundOutToo) {
  meet("k1", "alice");
  meet("k2", "bob");
  meet("k2", "alice");
  EXPECT_EQ(acquaintances.known_by_name({"k2"}, "alice"), PeerId{"k1"});
  EXPECT_EQ(acquaintances.find(PeerId{"k2"})->name, "bob");
}

TEST_F(AcquaintancesTest, ForgettingTheOldKeyGivesTheNameFree) {
  meet("k1", "alice");
  ASSERT_TRUE(acquaintances.set_trust({"k1"}, "alice", access::Trust::kTrusted));
  ASSERT_TRUE(acquaintances.forget({"k1"}));
  meet("k2", "alice");
  EXPECT_EQ(acquaintances.known_by_name({"k2"}, "alice"), std::nullopt);
  EXPECT_NE(acquaintances.find(PeerId{"k2"}), nullptr);
  EXPECT_EQ(acquaintances.trust_of({"k2"}), access::Trust::kStranger);
}

TEST_F(AcquaintancesTest, WhomAPersonTrustsOwnsItsNameBeforeStrangers) {
  meet("k1", "alice");
  ASSERT_TRUE(acquaintances.set_trust({"k2"}, "alice", access::Trust::kTrusted));
  EXPECT_EQ(acquaintances.known_by_name({"k2"}, "alice"), std::nullopt);
  EXPECT_EQ(acquaintances.known_by_name({"k1"}, "alice"), PeerId{"k2"});
  ASSERT_TRUE(acquaintances.set_trust({"k3"}, "alice", access::Trust::kTrusted));
  EXPECT_EQ(acquaintances.known_by_name({"k3"}, "alice"), PeerId{"k2"}) << "but not from another friend";
}

TEST_F(AcquaintancesTest, TrustIsKeptAndStrangersAreNot) {
  meet("stranger", "s", days_ago(31));
  meet("recent", "r", days_ago(29));
  meet("friend", "f", days_ago(400));
  ASSERT_TRUE(acquaintances.set_trust({"friend"}, "f", access::Trust::kTrusted));
  ASSERT_TRUE(acquaintances.set_trust({"foe"}, "e", access::Trust::kBlocked));
  const Acquaintances later = again();
  EXPECT_FALSE(later.has_met({"stranger"}));
  EXPECT_TRUE(later.has_met({"recent"}));
  EXPECT_EQ(later.trust_of({"friend"}), access::Trust::kTrusted);
  EXPECT_EQ(later.trust_of({"foe"}), access::Trust::kBlocked);
  EXPECT_EQ(later.judged().size(), 2U);
}

TEST_F(AcquaintancesTest, StrangersDoNotPushOutFriendsNorEachOtherUnderTheLimit) {
  ASSERT_TRUE(acquaintances.set_trust({"friend"}, "f", access::Trust::kTrusted));
  for (std::size_t i = 0; i < kStrangersKnownMax; ++i) {
    meet("k" + std::to_string(i), "n" + std::to_string(i),
         UnixNanos{static_cast<std::int64_t>(kNow) + static_cast<std::int64_t>(i)});
  }
  EXPECT_NE(acquaintances.find(PeerId{"k0"}), nullptr);
  meet("one more", "m", UnixNanos{static_cast<std::int64_t>(kNow) + 100'000});
  EXPECT_EQ(acquaintances.find(PeerId{"k0"}), nullptr) << "the oldest goes";
  EXPECT_TRUE(acquaintances.has_met({"k0"})) << "its proof is not forgotten in this run";
  EXPECT_NE(acquaintances.find(PeerId{"k1"}), nullptr);
  EXPECT_NE(acquaintances.find(PeerId{"one more"}), nullptr);
  EXPECT_EQ(acquaintances.trust_of({"friend"}), access::Trust::kTrusted);
}

TEST_F(AcquaintancesTest, AreFoundByIdByItsBeginningAndByName) {
  meet("k1", "alice");
  meet("k2", "bob");
  EXPECT_EQ(acquaintances.find(std::string("k1")).size(), 1U);
  EXPECT_EQ(acquaintances.find(std::string("k")).size(), 2U);
  EXPECT_EQ(acquaintances.find(std::string("bob")).front().id, PeerId{"k2"});
  EXPECT_TRUE(acquaintances.find(std::string("carol")).empty());
}

}  // namespace
}  // namespace essaim::node
