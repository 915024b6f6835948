#include <openssl/evp.h>

#include "base/assert.hpp"
#include "content/hash.hpp"

// An OpenSSL that cannot do SHA-256 is a broken installation, and without memory there is nothing to go on with: both
// end the program.
namespace essaim::content {

Sha256 sha256_of(ByteView bytes) {
  Sha256 digest;
  ASSERT(EVP_Digest(bytes.data(), bytes.size(), digest.bytes.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return digest;
}

struct Sha256Hasher::State {
  State() : context(EVP_MD_CTX_new()) { start(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }

  void start() const { ASSERT(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }

  EVP_MD_CTX* context;
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {}
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;
Sha256Hasher::~Sha256Hasher() = default;

void Sha256Hasher::update(ByteView piece) {
  ASSERT(EVP_DigestUpdate(state_->context, piece.data(), piece.size()) == 1);
}

Sha256 Sha256Hasher::finish() {
  Sha256 digest;
  ASSERT(EVP_DigestFinal_ex(state_->context, digest.bytes.data(), nullptr) == 1);
  state_->start();
  return digest;
}

}  // namespace essaim::content
