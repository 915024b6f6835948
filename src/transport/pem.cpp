#include "transport/pem.hpp"

#include <limits>

#include <openssl/pem.h>

namespace essaim::transport {
namespace {

BioHandle bio_of(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string text_of(BIO& bio) {
  char* data = nullptr;
  const long bytes = BIO_get_mem_data(&bio, &data);
  return bytes > 0 ? std::string(data, static_cast<std::size_t>(bytes)) : std::string();
}

// In place of OpenSSL's own, which asks on the terminal.
int no_password(char* /*to*/, int /*room*/, int /*is_writing*/, void* /*data*/) { return -1; }

}  // namespace

Expected<X509Handle, IdentityError> parse_certificate_pem(std::string_view pem) {
  const BioHandle bio = bio_of(pem);
  X509Handle certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr) : nullptr);
  if (!certificate) return fail(IdentityError::kBadCertificate);
  return certificate;
}

Expected<KeyHandle, IdentityError> parse_key_pem(std::string_view pem) {
  const BioHandle bio = bio_of(pem);
  KeyHandle key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr);
  if (!key) return fail(IdentityError::kBadKey);
  return key;
}

Expected<TlsIdentity, IdentityError> encode_pem(X509& certificate, EVP_PKEY& key) {
  const BioHandle certificate_bio(BIO_new(BIO_s_mem()));
  const BioHandle key_bio(BIO_new(BIO_s_secmem()));
  if (!certificate_bio || !key_bio || PEM_write_bio_X509(certificate_bio.get(), &certificate) != 1 ||
      PEM_write_bio_PrivateKey(key_bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return fail(IdentityError::kOpenssl);
  return TlsIdentity{.certificate_pem = text_of(*certificate_bio), .key_pem = text_of(*key_bio)};
}

}  // namespace essaim::transport
