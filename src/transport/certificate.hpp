// Makes and names a peer's key and the certificate that carries it through TLS.
#pragma once
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "transport/identity.hpp"

namespace essaim::transport {

// A new Ed25519 key in a self-signed X.509 certificate. Its name says nothing about the person, and it never expires
// (RFC 5280, 4.1.2.5): a peer is its key, so a date could only lock somebody out whose clock is wrong.
[[nodiscard]] Expected<TlsIdentity, IdentityError> make_self_signed_identity();

// The identity that this key, as PEM text, is the key of. kBadKey, kNotEd25519.
[[nodiscard]] Expected<TlsIdentity, IdentityError> identity_of_key_pem(std::string_view key_pem);

// Who the holder of this certificate's key is.
[[nodiscard]] Expected<PeerId, IdentityError> peer_id_of_certificate_pem(std::string_view certificate_pem);

}  // namespace essaim::transport
