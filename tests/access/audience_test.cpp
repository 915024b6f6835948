#include "access/audience.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "access/peer_id.hpp"

namespace essaim::access {
namespace {

const PeerId kAlice{std::string(kKeyPeerIdChars, 'a')};
const PeerId kBob{std::string(kKeyPeerIdChars, 'b')};

std::string peers(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    std::string id(kKeyPeerIdChars, 'a');
    for (std::size_t at = 0, rest = i; rest > 0; ++at, rest /= 26) id[at] = static_cast<char>('a' + rest % 26);
    text += (text.empty() ? "" : ",") + id;
  }
  return text;
}

TEST(Audience, ReadsWhatItWrites) {
  for (const std::string& text : {std::string("everyone"), std::string("trusted"), std::string("unlisted"), kAlice.text,
                                  kAlice.text + "," + kBob.text}) {
    const auto audience = parse_audience(text);
    ASSERT_TRUE(audience) << text;
    EXPECT_EQ(format_audience(*audience), text);
  }
}

TEST(Audience, OfPeersIsASetWithOneForm) {
  const auto audience = parse_audience(kBob.text + "," + kAlice.text + "," + kBob.text);
  ASSERT_TRUE(audience);
  EXPECT_EQ(format_audience(*audience), kAlice.text + "," + kBob.text);
}

TEST(Audience, RefusesEveryOtherText) {
  for (const std::string& text :
       {std::string(), std::string("Everyone"), std::string("everyone "), std::string("bob"), "," + kAlice.text,
        kAlice.text + ",", kAlice.text + ", " + kBob.text, kAlice.text + ",everyone", kAlice.text + "a"}) {
    EXPECT_FALSE(parse_audience(text)) << text;
  }
}

TEST(Audience, HoldsItsLimitExactly) {
  EXPECT_EQ(parse_audience(peers(kAudiencePeersMax - 1))->peers.size(), kAudiencePeersMax - 1);
  EXPECT_EQ(parse_audience(peers(kAudiencePeersMax))->peers.size(), kAudiencePeersMax);
  EXPECT_FALSE(parse_audience(peers(kAudiencePeersMax + 1)));
}

struct Decision {
  std::string_view audience;
  bool see;
  bool fetch;
};
struct Case {
  std::string_view who;
  Viewer viewer;
  std::array<Decision, 4> decisions;
};

TEST(Audience, DecidesForEachKindOfViewer) {
  const std::string only_bob = kBob.text;
  const std::array<Case, 6> cases{{
      {"level 0",
       {},
       {{{"everyone", true, true}, {"trusted", false, false}, {only_bob, false, false}, {"unlisted", false, false}}}},
      {"level 0 that claims trust",
       {.trust = Trust::kTrusted},
       {{{"everyone", true, true}, {"trusted", false, false}, {only_bob, false, false}, {"unlisted", false, false}}}},
      {"a stranger",
       {.proven = kAlice},
       {{{"everyone", true, true}, {"trusted", false, false}, {only_bob, false, false}, {"unlisted", false, true}}}},
      {"a trusted peer",
       {.proven = kAlice, .trust = Trust::kTrusted},
       {{{"everyone", true, true}, {"trusted", true, true}, {only_bob, false, false}, {"unlisted", false, true}}}},
      {"the named peer",
       {.proven = kBob},
       {{{"everyone", true, true}, {"trusted", false, false}, {only_bob, true, true}, {"unlisted", false, true}}}},
      {"the named peer, blocked",
       {.proven = kBob, .trust = Trust::kBlocked},
       {{{"everyone", false, false}, {"trusted", false, false}, {only_bob, false, false}, {"unlisted", false, false}}}},
  }};
  for (const Case& c : cases) {
    for (const Decision& decision : c.decisions) {
      const Audience audience = *parse_audience(decision.audience);
      EXPECT_EQ(may_see(audience, c.viewer), decision.see) << c.who << ", " << decision.audience;
      EXPECT_EQ(may_fetch(audience, c.viewer), decision.fetch) << c.who << ", " << decision.audience;
    }
  }
}

}  // namespace
}  // namespace essaim::access
