#include "access/pairing.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "access/peer_id.hpp"
#include "support/vector_file.hpp"

namespace essaim::access {
namespace {

using namespace std::chrono_literals;

const PeerId kAlice{std::string(kKeyPeerIdChars, 'a')};
const PeerId kBob{std::string(kKeyPeerIdChars, 'b')};
constexpr Instant kStart{1h};

PairingNonce nonce_of(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  PairingNonce nonce{};
  for (std::uint8_t& byte : nonce) byte = static_cast<std::uint8_t>(random());
  return nonce;
}

// Carries what the two say until neither says anything more.
void talk(Pairing& one, Pairing& other) {
  for (bool said = true; said;) {
    said = false;
    for (const PairingStep& step : one.take_steps()) other.on_step(step), said = true;
    for (const PairingStep& step : other.take_steps()) one.on_step(step), said = true;
  }
}

struct Two {
  Pairing alice;
  Pairing bob;
};
Two begun(std::uint64_t seed = 1) {
  Pairing alice = Pairing::ask({kAlice, kBob}, nonce_of(seed), kStart);
  const auto commit = std::get<PairingCommit>(alice.take_steps().at(0));
  return {std::move(alice), Pairing::answer({kBob, kAlice}, nonce_of(seed + 1), commit, kStart)};
}

TEST(Pairing, AgreesWithThePublishedVectors) {
  const auto nonce_at = [](const boost::json::value& vector, const char* key) {
    const std::string bytes = test::unhex_at(vector, key);
    PairingNonce nonce{};
    std::ranges::transform(bytes, nonce.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return nonce;
  };
  for (const auto& vector : test::read_vectors("access_pairings.json").at("pairings").as_array()) {
    const PairingTranscript transcript{.asker = {test::text_at(vector, "asker")},
                                       .answerer = {test::text_at(vector, "answerer")},
                                       .asker_nonce = nonce_at(vector, "asker_nonce_hex"),
                                       .answerer_nonce = nonce_at(vector, "answerer_nonce_hex")};
    EXPECT_EQ(pairing_commitment(transcript.asker, transcript.answerer, transcript.asker_nonce),
              nonce_at(vector, "commitment_hex"));
    EXPECT_EQ(pairing_digits(transcript), test::text_at(vector, "digits"));
  }
}

TEST(Pairing, ShowsBothSidesTheSameDigitsAndEndsWhenBothSaySo) {
  auto [alice, bob] = begun();
  talk(alice, bob);
  ASSERT_EQ(alice.state(), Pairing::State::kComparing);
  EXPECT_EQ(alice.digits().size(), kPairingDigits);
  EXPECT_EQ(alice.digits(), bob.digits());
  alice.confirm();
  talk(alice, bob);
  EXPECT_EQ(alice.state(), Pairing::State::kConfirmed);
  EXPECT_EQ(bob.state(), Pairing::State::kComparing);
  bob.confirm();
  talk(alice, bob);
  EXPECT_EQ(alice.state(), Pairing::State::kDone);
  EXPECT_EQ(bob.state(), Pairing::State::kDone);
}

TEST(Pairing, ShowsNoDigitsBeforeTheNonceFitsTheCommitment) {
  auto [alice, bob] = begun();
  static_cast<void>(bob.take_steps());
  bob.on_step(PairingReveal{nonce_of(99)});
  EXPECT_EQ(bob.state(), Pairing::State::kFailed);
  EXPECT_EQ(bob.digits(), "");
  EXPECT_EQ(bob.end().why, PairingRefusal::kBroken);
  EXPECT_EQ(bob.take_steps(), (std::vector<PairingStep>{PairingRefuse{PairingRefusal::kBroken}}));
}

TEST(Pairing, EndsForBothWhenOneSaysNo) {
  auto [alice, bob] = begun();
  talk(alice, bob);
  alice.confirm();
  bob.refuse(PairingRefusal::kDifferent);
  talk(alice, bob);
  EXPECT_EQ(alice.state(), Pairing::State::kFailed);
  EXPECT_EQ(bob.state(), Pairing::State::kFailed);
  EXPECT_TRUE(alice.end().theirs);
  EXPECT_FALSE(bob.end().theirs);
}

TEST(Pairing, EndsAtAStepThatIsNotTheOneExpected) {
  const std::vector<PairingStep> any{PairingCommit{nonce_of(5)}, PairingReveal{nonce_of(5)}, PairingConfirm{}};
  const std::vector<PairingStep> fitting_alice{PairingReveal{nonce_of(2)}};  // what bob may say to alice at once
  for (const PairingStep& step : {any[0], any[2]}) {
    auto [alice, bob] = begun();
    alice.on_step(step);
    EXPECT_EQ(alice.state(), Pairing::State::kFailed);
    bob.on_step(step);
    EXPECT_EQ(bob.state(), Pairing::State::kFailed);
  }
  for (const PairingStep& step : {any[0], any[1]}) {
    auto [alice, bob] = begun();
    talk(alice, bob);
    alice.on_step(step);
    EXPECT_EQ(alice.state(), Pairing::State::kFailed);
  }
  auto [alice, bob] = begun();
  talk(alice, bob);
  alice.on_step(PairingConfirm{});
  alice.on_step(PairingConfirm{});
  EXPECT_EQ(alice.state(), Pairing::State::kFailed);
}

TEST(Pairing, IsNotConfirmedByWhatIsSaidBeforeTheDigitsAreThere) {
  auto [alice, bob] = begun();
  alice.confirm();
  EXPECT_TRUE(alice.take_steps().empty());
  EXPECT_EQ(alice.state(), Pairing::State::kExchanging);
}

TEST(Pairing, HoldsItsTimesExactly) {
  auto [alice, bob] = begun();
  EXPECT_EQ(alice.deadline(), kStart + kPairingExchangeTimeMax);
  alice.on_time(kStart + kPairingExchangeTimeMax - 1us);
  EXPECT_FALSE(alice.over());
  talk(alice, bob);
  EXPECT_EQ(alice.deadline(), kStart + kPairingTimeMax);
  alice.on_time(kStart + kPairingTimeMax - 1us);
  EXPECT_FALSE(alice.over());
  alice.on_time(kStart + kPairingTimeMax);
  EXPECT_EQ(alice.end().why, PairingRefusal::kTimeout);
  bob.on_time(kStart + kPairingTimeMax + 1us);
  EXPECT_EQ(bob.end().why, PairingRefusal::kTimeout);
}

// Somebody in between, with as many keys as it likes, towards alice as bob and towards bob as alice. It has to commit
// itself towards bob before it knows bob's nonce, and to reveal its nonce to alice before it knows hers.
TEST(Pairing, GivesSomebodyInBetweenNothingButChance) {
  constexpr int kKeys = 1'000'000;
  const PairingNonce alice_nonce = nonce_of(11);
  const PairingNonce bob_nonce = nonce_of(12);
  std::mt19937_64 random(13);
  int matches = 0;
  PeerId mallory = kBob;
  for (int key = 0; key < kKeys; ++key) {
    for (char& c : mallory.text) c = static_cast<char>('a' + random() % 26);
    const auto at_alice = pairing_digits({kAlice, mallory, alice_nonce, nonce_of(random())});
    const auto at_bob = pairing_digits({mallory, kBob, nonce_of(random()), bob_nonce});
    matches += at_alice == at_bob ? 1 : 0;
  }
  EXPECT_LE(matches, 8);  // one is expected; more than eight come once in a million seeds
}

}  // namespace
}  // namespace essaim::access
