#include "access/sealed.hpp"

#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "access/identity_archive.hpp"

namespace essaim::access {
namespace {

constexpr std::uint8_t kCheap = 4;  // of scrypt's N: the form is the same, the test takes no time
constexpr std::size_t kLogNAt = 17;

SealWith with(std::string_view passphrase) {
  SealChance chance;
  chance.salt.fill(7);
  chance.nonce.fill(9);
  return {.passphrase = passphrase, .chance = chance, .log_n = kCheap};
}

IdentityArchive example() {
  return {.key_pem = "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n",
          .peers = {{PeerId{std::string(32, 'a')}, "alice", Trust::kTrusted},
                    {PeerId{std::string(32, 'm')}, "", Trust::kBlocked}}};
}

// With a sum that is right: changed on purpose, not damaged.
Bytes forged(Bytes sealed, std::size_t at, std::uint8_t value) {
  constexpr std::size_t kSumBytes = 32;
  sealed[at] = value;
  const ByteView summed = ByteView(sealed).first(sealed.size() - kSumBytes);
  EXPECT_EQ(EVP_Digest(summed.data(), summed.size(), &sealed[summed.size()], nullptr, EVP_sha256(), nullptr), 1);
  return sealed;
}

SealError error_of(ByteView sealed, std::string_view passphrase = "correct horse") {
  const auto opened = unseal_identity(sealed, passphrase);
  EXPECT_FALSE(opened);
  return opened ? SealError::kOpenssl : opened.error();
}

TEST(Sealed, GivesBackWhatWasSealed) {
  const auto sealed = seal_identity(example(), with("correct horse"));
  ASSERT_TRUE(sealed);
  EXPECT_TRUE(check_sealed(*sealed));
  const auto opened = unseal_identity(*sealed, "correct horse");
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, example());
  EXPECT_EQ(as_text(*sealed).find("PRIVATE"), std::string_view::npos);
  EXPECT_EQ(as_text(*sealed).find("alice"), std::string_view::npos);
}

TEST(Sealed, TellsAWrongPassphraseFromDamage) {
  const auto sealed = seal_identity(example(), with("correct horse"));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(error_of(*sealed, "wrong horse"), SealError::kPassphrase);
  EXPECT_EQ(error_of(*sealed, ""), SealError::kPassphrase);
  for (std::size_t at = 17; at < sealed->size(); ++at) {
    Bytes damaged = *sealed;
    damaged[at] ^= 1U;
    EXPECT_EQ(error_of(damaged), SealError::kDamaged) << at;
  }
  for (std::size_t bytes = 17; bytes < sealed->size(); ++bytes) {
    EXPECT_EQ(error_of(ByteView(*sealed).first(bytes)), SealError::kDamaged) << bytes;
  }
  for (std::size_t bytes = 0; bytes < 16; ++bytes) {
    EXPECT_EQ(error_of(ByteView(*sealed).first(bytes)), SealError::kForeign) << bytes;
  }
}

TEST(Sealed, IsNotOpenedByWhoChangedIt) {
  const auto sealed = seal_identity(example(), with("correct horse"));
  ASSERT_TRUE(sealed);
  for (const std::size_t at : {std::size_t{20}, std::size_t{36}, std::size_t{48}, sealed->size() - 33}) {
    EXPECT_EQ(error_of(forged(*sealed, at, static_cast<std::uint8_t>((*sealed)[at] ^ 1U))), SealError::kPassphrase);
  }
}

TEST(Sealed, OpensNothingThatCostsTooMuch) {
  const auto sealed = seal_identity(example(), with("correct horse"));
  ASSERT_TRUE(sealed);
  const std::size_t cost[] = {kLogNAt, kLogNAt + 1, kLogNAt + 2};
  const std::uint8_t max[] = {kScryptLogNMax, kScryptRMax, kScryptPMax};
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(check_sealed(forged(*sealed, cost[i], max[i])));
    EXPECT_EQ(error_of(forged(*sealed, cost[i], static_cast<std::uint8_t>(max[i] + 1))), SealError::kTooCostly);
    EXPECT_EQ(error_of(forged(*sealed, cost[i], 255)), SealError::kTooCostly);
    EXPECT_EQ(error_of(forged(*sealed, cost[i], 0)), SealError::kTooCostly);
  }
  EXPECT_EQ(error_of(forged(*sealed, 16, 2)), SealError::kNewer);
}

TEST(Sealed, HasABoundForItsSize) {
  constexpr std::size_t kRoom = kSealedBytesMax - 48 - 16 - 32;
  const auto largest = seal(Bytes(kRoom), with(""));
  ASSERT_TRUE(largest);
  EXPECT_EQ(largest->size(), kSealedBytesMax);
  EXPECT_EQ(unseal(*largest, ""), Bytes(kRoom));
  EXPECT_EQ(seal(Bytes(kRoom + 1), with("")).error(), SealError::kTooLarge);
}

TEST(IdentityArchive, BoundsItsKeyItsNamesAndItsPeers) {
  IdentityArchive archive{.key_pem = std::string(kArchiveKeyBytesMax, 'k'), .peers = {}};
  archive.peers.assign(kArchivePeersMax, {PeerId{std::string(32, 'a')}, std::string(kArchiveNameBytesMax, 'n')});
  const auto sealed = seal_identity(archive, with("p"));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(unseal_identity(*sealed, "p"), archive);
  const auto error = [](const IdentityArchive& large) { return seal_identity(large, with("p")).error(); };
  archive.peers.push_back(archive.peers.front());
  EXPECT_EQ(error(archive), SealError::kTooLarge);
  archive.peers.resize(1);
  archive.peers.front().name += 'n';
  EXPECT_EQ(error(archive), SealError::kTooLarge);
  archive.peers.clear();
  archive.key_pem += 'k';
  EXPECT_EQ(error(archive), SealError::kTooLarge);
}

TEST(IdentityArchive, ReadsNothingThatIsNotOfItsForm) {
  const auto content = [](std::string_view text) { return Bytes(as_bytes(text).begin(), as_bytes(text).end()); };
  using namespace std::string_view_literals;
  EXPECT_TRUE(parse_identity(content("\0\1k"sv)));
  for (const std::string_view text : {
           ""sv,
           "\0"sv,
           "\0\1"sv,
           "\0\2k"sv,
           "\xFF\xFFk"sv,
           "\0\1k\1"sv,
           "\0\1k\1\0\0\0\0"sv,
           "\0\1k\0\0\40aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0\0"sv,      // a stranger
           "\0\1k\3\0\40aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0\0"sv,      // no trust there is
           "\0\1k\1\0\37aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0\0"sv,       // no id
           "\0\1k\1\0\40AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0\0"sv,      // no id
           "\0\1k\1\0\40aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0\1\xC0"sv,  // no text
           "\0\1k\1\0\40aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\1\0"sv,
       }) {
    EXPECT_FALSE(parse_identity(content(text))) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace essaim::access
