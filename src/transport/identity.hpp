// A peer's key and certificate, as they are kept.
#pragma once
#include <string>
#include <string_view>

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

}  // namespace essaim::transport
