#include "transport/tls_context.hpp"

#include <cstddef>
#include <string>

#include <openssl/err.h>

#include "base/bytes.hpp"
#include "transport/peer_check.hpp"
#include "transport/pem.hpp"

#if defined(__linux__) && defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace essaim::transport {
namespace {

bool has_aes_instructions() {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_cpu_supports("aes") != 0;
#elif defined(__linux__) && defined(__aarch64__)
  return (getauxval(AT_HWCAP) & HWCAP_AES) != 0;
#else
  return true;
#endif
}

const char* cipher_suites() {
  return has_aes_instructions() ? "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384"
                                : "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384";
}

// What the client offers is a list of names, each behind a byte of its length.
int choose_alpn(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* chosen_bytes, const unsigned char* offered,
                unsigned int offered_bytes, void* /*unused*/) {
  for (ByteView rest(offered, offered_bytes); !rest.empty();) {
    const std::size_t bytes = rest[0];
    if (bytes + 1 > rest.size()) break;
    const ByteView name = rest.subspan(1, bytes);
    if (as_text(name) == kAlpn) {
      *chosen = name.data();
      *chosen_bytes = static_cast<unsigned char>(bytes);
      return SSL_TLSEXT_ERR_OK;
    }
    rest = rest.subspan(bytes + 1);
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool offer_alpn(SSL_CTX* context) {
  std::string offer(1, static_cast<char>(kAlpn.size()));
  offer += kAlpn;
  const ByteView bytes = as_bytes(offer);
  return SSL_CTX_set_alpn_protos(context, bytes.data(), static_cast<unsigned int>(bytes.size())) == 0;
}

bool set_rules(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, kCertificateListBytesMax);
  SSL_CTX_set_alpn_select_cb(context, choose_alpn, nullptr);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, verify_peer, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 && SSL_CTX_set_num_tickets(context, 0) == 1 &&
         SSL_CTX_set_ciphersuites(context, cipher_suites()) == 1 &&
         SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1 && SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1 &&
         offer_alpn(context);
}

}  // namespace

Expected<TlsContext, IdentityError> TlsContext::make(const TlsIdentity& identity) {
  // Errors that others left in OpenSSL's queue of this thread would else be taken for ours.
  ERR_clear_error();
  const auto certificate = parse_certificate_pem(identity.certificate_pem);
  if (!certificate) return fail(certificate.error());
  const auto key = parse_key_pem(identity.key_pem);
  if (!key) return fail(key.error());
  auto peer_id = peer_id_of_certificate(**certificate);
  if (!peer_id) return fail(peer_id.error());
  if (X509_check_private_key(certificate->get(), key->get()) != 1) return fail(IdentityError::kMismatch);

  SslCtxHandle context(SSL_CTX_new(TLS_method()));
  if (!context || !set_rules(context.get()) || SSL_CTX_use_certificate(context.get(), certificate->get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key->get()) != 1)
    return fail(IdentityError::kOpenssl);
  return TlsContext(std::move(context), std::move(*peer_id));
}

}  // namespace essaim::transport
