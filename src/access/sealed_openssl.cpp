#include <algorithm>
#include <limits>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "access/sealed.hpp"

namespace essaim::access {
namespace {

constexpr std::string_view kMagic = "essaim identity\n";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kVersionAt = 16;
constexpr std::size_t kCostAt = kVersionAt + 1;
constexpr std::size_t kSaltAt = kCostAt + 3;
constexpr std::size_t kNonceAt = kSaltAt + kSaltBytes;
constexpr std::size_t kHeadBytes = kNonceAt + kNonceBytes;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSumBytes = 32;
constexpr std::size_t kSealedBytesMin = kHeadBytes + kTagBytes + kSumBytes;
// 128 * N * r for its table, and a little for the rest.
constexpr std::uint64_t kScryptMemoryMax = 260 * kMiB;

static_assert(kMagic.size() == kVersionAt);
static_assert((128ULL << kScryptLogNMax) * kScryptRMax < kScryptMemoryMax);
static_assert(kSealedBytesMax <= std::numeric_limits<int>::max());

struct CipherFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

// Forgets itself.
struct Key {
  Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
  std::array<std::uint8_t, kKeyBytes> bytes{};
};

// `head` is a checked one.
bool derive(ByteView head, std::string_view passphrase, Key& key) {
  const std::uint64_t n = std::uint64_t{1} << head[kCostAt];
  return EVP_PBE_scrypt(passphrase.data(), passphrase.size(), head.data() + kSaltAt, kSaltBytes, n, head[kCostAt + 1],
                        head[kCostAt + 2], kScryptMemoryMax, key.bytes.data(), key.bytes.size()) == 1;
}

std::array<std::uint8_t, kSumBytes> sum_of(ByteView bytes) {
  std::array<std::uint8_t, kSumBytes> sum{};
  static_cast<void>(EVP_Digest(bytes.data(), bytes.size(), sum.data(), nullptr, EVP_sha256(), nullptr));
  return sum;
}

int length_of(ByteView bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

std::string_view to_string(SealError error) {
  switch (error) {
    case SealError::kForeign: return "it is not an identity that was exported";
    case SealError::kNewer: return "it was written by a newer version";
    case SealError::kDamaged: return "it is damaged";
    case SealError::kTooCostly: return "it asks for more memory or time than an export of ours does";
    case SealError::kTooLarge: return "it is too large";
    case SealError::kPassphrase: return "the passphrase is wrong";
    case SealError::kContent: return "what is inside is not an identity";
    case SealError::kOpenssl: return "OpenSSL failed";
  }
  return "unknown";
}

Expected<Bytes, SealError> seal(ByteView content, const SealWith& with) {
  if (content.size() > kSealedBytesMax - kSealedBytesMin) return fail(SealError::kTooLarge);
  Bytes sealed(kHeadBytes + content.size() + kTagBytes);
  std::ranges::copy(as_bytes(kMagic), sealed.begin());
  sealed[kVersionAt] = kVersion;
  sealed[kCostAt] = with.log_n;
  sealed[kCostAt + 1] = kScryptR;
  sealed[kCostAt + 2] = kScryptP;
  std::ranges::copy(with.chance.salt, sealed.begin() + kSaltAt);
  std::ranges::copy(with.chance.nonce, sealed.begin() + kNonceAt);
  Key key;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::uint8_t* const text = sealed.data() + kHeadBytes;
  int bytes = 0;
  const bool done = cipher != nullptr && derive(sealed, with.passphrase, key) &&
                    EVP_EncryptInit_ex2(cipher.get(), EVP_chacha20_poly1305(), key.bytes.data(),
                                        sealed.data() + kNonceAt, nullptr) == 1 &&
                    EVP_EncryptUpdate(cipher.get(), nullptr, &bytes, sealed.data(), kHeadBytes) == 1 &&
                    EVP_EncryptUpdate(cipher.get(), text, &bytes, content.data(), length_of(content)) == 1 &&
                    EVP_EncryptFinal_ex(cipher.get(), text + content.size(), &bytes) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, text + content.size()) == 1;
  if (!done) return fail(SealError::kOpenssl);
  const auto sum = sum_of(sealed);
  sealed.insert(sealed.end(), sum.begin(), sum.end());
  return sealed;
}

Expected<void, SealError> check_sealed(ByteView sealed) {
  if (!as_text(sealed).starts_with(kMagic)) return fail(SealError::kForeign);
  if (sealed.size() > kSealedBytesMax) return fail(SealError::kTooLarge);
  if (sealed.size() <= kVersionAt) return fail(SealError::kDamaged);
  if (sealed[kVersionAt] != kVersion) return fail(SealError::kNewer);
  if (sealed.size() < kSealedBytesMin) return fail(SealError::kDamaged);
  const std::size_t summed = sealed.size() - kSumBytes;
  if (!std::ranges::equal(sum_of(sealed.first(summed)), sealed.subspan(summed))) return fail(SealError::kDamaged);
  const auto within = [&](std::size_t at, std::uint8_t max) { return sealed[at] >= 1 && sealed[at] <= max; };
  const bool affordable =
      within(kCostAt, kScryptLogNMax) && within(kCostAt + 1, kScryptRMax) && within(kCostAt + 2, kScryptPMax);
  if (!affordable) return fail(SealError::kTooCostly);
  return {};
}

Expected<Bytes, SealError> unseal(ByteView sealed, std::string_view passphrase) {
  if (auto checked = check_sealed(sealed); !checked) return fail(checked.error());
  const ByteView text = sealed.subspan(kHeadBytes, sealed.size() - kSealedBytesMin);
  std::array<std::uint8_t, kTagBytes> tag{};
  std::ranges::copy(sealed.subspan(kHeadBytes + text.size(), kTagBytes), tag.begin());
  Key key;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  Bytes content(text.size());
  int bytes = 0;
  const bool begun = cipher != nullptr && derive(sealed, passphrase, key) &&
                     EVP_DecryptInit_ex2(cipher.get(), EVP_chacha20_poly1305(), key.bytes.data(),
                                         sealed.data() + kNonceAt, nullptr) == 1 &&
                     EVP_DecryptUpdate(cipher.get(), nullptr, &bytes, sealed.data(), kHeadBytes) == 1 &&
                     EVP_DecryptUpdate(cipher.get(), content.data(), &bytes, text.data(), length_of(text)) == 1 &&
                     EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1;
  if (!begun) return fail(SealError::kOpenssl);
  if (EVP_DecryptFinal_ex(cipher.get(), content.data() + content.size(), &bytes) != 1) {
    return fail(SealError::kPassphrase);
  }
  return content;
}

}  // namespace essaim::access
