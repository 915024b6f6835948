#include <string_view>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "access/pairing_hash.hpp"
#include "base/assert.hpp"
#include "base/bytes.hpp"

namespace essaim::access {
namespace {

constexpr std::string_view kCommitmentContext = "essaim 2026 pairing commitment v1";
constexpr std::string_view kDigitsContext = "essaim 2026 pairing digits v1";
constexpr std::uint64_t kDigitsModulus = 1'000'000;

void append(Bytes& to, std::string_view text) { to.insert(to.end(), text.begin(), text.end()); }
void append(Bytes& to, const PairingNonce& nonce) { to.insert(to.end(), nonce.begin(), nonce.end()); }

PairingNonce sha256(const Bytes& input) {
  PairingNonce hash{};
  // An OpenSSL that cannot do SHA-256 is a broken installation.
  ASSERT(EVP_Digest(input.data(), input.size(), hash.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return hash;
}

}  // namespace

PairingNonce pairing_commitment(const PeerId& asker, const PeerId& answerer, const PairingNonce& nonce) {
  Bytes input;
  append(input, kCommitmentContext);
  append(input, asker.text);
  append(input, answerer.text);
  append(input, nonce);
  return sha256(input);
}

std::string pairing_digits(const PairingTranscript& transcript) {
  Bytes input;
  append(input, kDigitsContext);
  append(input, transcript.asker.text);
  append(input, transcript.answerer.text);
  append(input, transcript.asker_nonce);
  append(input, transcript.answerer_nonce);
  const PairingNonce hash = sha256(input);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = (number << 8U) | hash[i];
  return fmt::format("{:0{}}", number % kDigitsModulus, kPairingDigits);
}

}  // namespace essaim::access
