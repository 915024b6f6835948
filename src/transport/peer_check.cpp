#include "transport/peer_check.hpp"

#include <utility>

#include <openssl/crypto.h>
#include <openssl/x509_vfy.h>

#include "access/peer_id.hpp"
#include "base/bytes.hpp"
#include "base/defence.hpp"

namespace essaim::transport {
namespace {

bool is_in_its_dates(const X509& certificate) {
  return X509_cmp_current_time(X509_get0_notBefore(&certificate)) < 0 &&
         X509_cmp_current_time(X509_get0_notAfter(&certificate)) > 0;
}

// OpenSSL's code for the reason of a refusal, which becomes the alert that the other side gets.
int judge(PeerCheck& check, const X509* certificate, const STACK_OF(X509) * chain) {
  if (certificate == nullptr) return X509_V_ERR_UNSPECIFIED;
  if (defended(Defence::kOneCertificate) && sk_X509_num(chain) > 1) return X509_V_ERR_CERT_CHAIN_TOO_LONG;
  if (defended(Defence::kCertificateDates) && !is_in_its_dates(*certificate)) return X509_V_ERR_CERT_HAS_EXPIRED;
  auto peer = peer_id_of_certificate(*certificate);
  if (!peer) return X509_V_ERR_CERT_REJECTED;
  if (defended(Defence::kPinnedKey) && check.expected && *check.expected != *peer) {
    check.is_wrong_peer = true;
    return X509_V_ERR_CERT_REJECTED;
  }
  check.peer = std::move(*peer);
  return X509_V_OK;
}

}  // namespace

int verify_peer(X509_STORE_CTX* store, void* /*unused*/) {
  const void* ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  if (ssl == nullptr) return 0;
  auto* check = static_cast<PeerCheck*>(SSL_get_app_data(static_cast<const SSL*>(ssl)));
  if (check == nullptr) return 0;
  const int verdict = judge(*check, X509_STORE_CTX_get0_cert(store), X509_STORE_CTX_get0_untrusted(store));
  X509_STORE_CTX_set_error(store, verdict);
  return verdict == X509_V_OK ? 1 : 0;
}

Expected<PeerId, IdentityError> peer_id_of_certificate(const X509& certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(&certificate);
  const bool is_our_kind =
      key != nullptr && (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 || !defended(Defence::kKeyKind));
  if (!is_our_kind) return fail(IdentityError::kNotEd25519);
  // Encoded anew, so that one key has one id whatever bytes the certificate spells it with.
  unsigned char* der = nullptr;
  const int bytes = i2d_PUBKEY(key, &der);
  if (bytes <= 0) return fail(IdentityError::kOpenssl);
  PeerId peer = access::peer_id_of_public_key(ByteView(der, static_cast<std::size_t>(bytes)));
  OPENSSL_free(der);
  return peer;
}

}  // namespace essaim::transport
