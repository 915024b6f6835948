// A peer's key and the certificate that carries it through TLS.
#pragma once
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace essaim::transport {

// Both as PEM text. The key is secret: it is kept in a file of its own and never logged.
struct TlsIdentity {
  std::string certificate_pem;
  std::string key_pem;
};

enum class IdentityError {
  kOpenssl,         // OpenSSL failed: no entropy, no memory, or a provider without Ed25519
  kBadCertificate,  // not a PEM certificate
  kBadKey,          // not an unencrypted PEM private key
  kNotEd25519,      // a key of another kind
  kMismatch,        // the key is not the certificate's
};
[[nodiscard]] std::string_view to_string(IdentityError error);

// A new Ed25519 key in a self-signed X.509 certificate. Its name says nothing about the person, and it never expires
// (RFC 5280, 4.1.2.5): a peer is its key, so a date could only lock somebody out whose clock is wrong.
[[nodiscard]] Expected<TlsIdentity, IdentityError> make_self_signed_identity();

// Who the holder of this certificate's key is.
[[nodiscard]] Expected<PeerId, IdentityError> peer_id_of_certificate_pem(std::string_view certificate_pem);

}  // namespace essaim::transport
