// The other side of a handshake as somebody else might have written it: OpenSSL, set up at will.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/bytes.hpp"
#include "transport/openssl_handle.hpp"
#include "transport/tls_engine.hpp"

namespace essaim::transport {

struct ForeignCertificate {
  KeyHandle key;
  X509Handle certificate;
};

struct CertificateOptions {
  int key_type = EVP_PKEY_ED25519;  // or EVP_PKEY_EC: P-256
  const char* not_before = "19700101000000Z";
  const char* not_after = "99991231235959Z";
  EVP_PKEY* signer = nullptr;  // null: its own key
};

inline ForeignCertificate make_foreign_certificate(const CertificateOptions& options = {}) {
  ForeignCertificate made;
  made.key.reset(options.key_type == EVP_PKEY_EC ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                                                 : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  made.certificate.reset(X509_new());
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7);
  ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), options.not_before);
  ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), options.not_after);
  X509_set_pubkey(certificate, made.key.get());
  EVP_PKEY* signer = options.signer != nullptr ? options.signer : made.key.get();
  X509_sign(certificate, signer, EVP_PKEY_get_base_id(signer) == EVP_PKEY_EC ? EVP_sha256() : nullptr);
  return made;
}

// An SSL between two memory BIOs.
class ForeignTls {
 public:
  using SetUp = std::function<void(SSL_CTX*)>;

  // Without `set_up` it is as lenient as can be: any version, any certificate of the other side, none of its own.
  ForeignTls(TlsEngine::Role role, const SetUp& set_up) : context_(SSL_CTX_new(TLS_method())) {
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
    set_up(context_.get());
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (role == TlsEngine::Role::kClient) {
      SSL_set_connect_state(ssl_.get());
    } else {
      SSL_set_accept_state(ssl_.get());
    }
  }

  [[nodiscard]] SSL* ssl() { return ssl_.get(); }
  void handshake() { SSL_do_handshake(ssl_.get()); }

  // Moves what each side has for the other.
  void exchange(TlsEngine& engine) {
    const ByteView out = engine.output().bytes();
    BIO_write(SSL_get_rbio(ssl_.get()), out.data(), static_cast<int>(out.size()));
    engine.output().taken(out.size());
    const MutableByteView room = engine.input().room();
    const int got = BIO_read(SSL_get_wbio(ssl_.get()), room.data(), static_cast<int>(room.size()));
    if (got > 0) engine.input().filled(static_cast<std::size_t>(got));
  }

 private:
  SslCtxHandle context_;
  SslHandle ssl_;
};

inline void use_alpn(SSL_CTX* context, const std::string& name) {
  const std::string offer = static_cast<char>(name.size()) + name;
  SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(offer.data()),
                          static_cast<unsigned int>(offer.size()));
}

inline void use_certificate(SSL_CTX* context, const ForeignCertificate& certificate) {
  SSL_CTX_use_certificate(context, certificate.certificate.get());
  SSL_CTX_use_PrivateKey(context, certificate.key.get());
}

}  // namespace essaim::transport
