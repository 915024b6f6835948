// Certificates and keys as PEM text.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "transport/identity.hpp"
#include "transport/openssl_handle.hpp"

namespace essaim::transport {

[[nodiscard]] Expected<X509Handle, IdentityError> parse_certificate_pem(std::string_view pem);
// A key that is locked with a password is kBadKey; nobody is ever asked for one.
[[nodiscard]] Expected<KeyHandle, IdentityError> parse_key_pem(std::string_view pem);

[[nodiscard]] Expected<TlsIdentity, IdentityError> encode_pem(X509& certificate, EVP_PKEY& key);

}  // namespace essaim::transport
