#include "transport/identity.hpp"

namespace essaim::transport {

std::string_view to_string(IdentityError error) {
  switch (error) {
    case IdentityError::kOpenssl: return "OpenSSL failed";
    case IdentityError::kBadCertificate: return "it is not a certificate";
    case IdentityError::kBadKey: return "it is not a private key";
    case IdentityError::kNotEd25519: return "its key is not an Ed25519 key";
    case IdentityError::kMismatch: return "the key and the certificate do not belong together";
  }
  return "unknown";
}

}  // namespace essaim::transport
