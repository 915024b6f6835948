#include "transport/certificate.hpp"

#include <utility>

#include "transport/openssl_handle.hpp"
#include "transport/peer_check.hpp"
#include "transport/pem.hpp"

namespace essaim::transport {
namespace {

KeyHandle make_key() {
  const KeyContextHandle context(EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1 || EVP_PKEY_keygen(context.get(), &key) != 1) return nullptr;
  return KeyHandle(key);
}

bool set_name(X509& certificate) {
  X509_NAME* name = X509_get_subject_name(&certificate);
  const auto* text = reinterpret_cast<const unsigned char*>("essaim");
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
         X509_set_issuer_name(&certificate, name) == 1;
}

bool set_dates(X509& certificate) {
  return ASN1_TIME_set_string_X509(X509_getm_notBefore(&certificate), "19700101000000Z") == 1 &&
         ASN1_TIME_set_string_X509(X509_getm_notAfter(&certificate), "99991231235959Z") == 1;
}

X509Handle make_certificate(EVP_PKEY& key) {
  X509Handle certificate(X509_new());
  const bool is_made = certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                       ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1 && set_name(*certificate) &&
                       set_dates(*certificate) && X509_set_pubkey(certificate.get(), &key) == 1 &&
                       X509_sign(certificate.get(), &key, nullptr) > 0;  // Ed25519 brings its own hash
  return is_made ? std::move(certificate) : nullptr;
}

Expected<TlsIdentity, IdentityError> identity_of(EVP_PKEY& key) {
  const X509Handle certificate = make_certificate(key);
  if (!certificate) return fail(IdentityError::kOpenssl);
  return encode_pem(*certificate, key);
}

}  // namespace

Expected<TlsIdentity, IdentityError> make_self_signed_identity() {
  const KeyHandle key = make_key();
  if (!key) return fail(IdentityError::kOpenssl);
  return identity_of(*key);
}

Expected<TlsIdentity, IdentityError> identity_of_key_pem(std::string_view key_pem) {
  const auto key = parse_key_pem(key_pem);
  if (!key) return fail(key.error());
  if (EVP_PKEY_get_id(key->get()) != EVP_PKEY_ED25519) return fail(IdentityError::kNotEd25519);
  return identity_of(**key);
}

Expected<PeerId, IdentityError> peer_id_of_certificate_pem(std::string_view certificate_pem) {
  const auto certificate = parse_certificate_pem(certificate_pem);
  if (!certificate) return fail(certificate.error());
  return peer_id_of_certificate(**certificate);
}

}  // namespace essaim::transport
