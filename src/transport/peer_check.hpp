// Who is at the other end of a TLS connection, judged by its certificate.
#pragma once
#include <optional>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "transport/identity.hpp"
#include "transport/openssl_handle.hpp"

namespace essaim::transport {

// One connection's question to the verify callback, and its answer. It is the app data of the connection's SSL.
struct PeerCheck {
  std::optional<PeerId> expected;  // nothing: whoever it is
  std::optional<PeerId> peer;      // set once a certificate passed
  bool is_wrong_peer = false;
};

// For SSL_CTX_set_cert_verify_callback, in place of OpenSSL's search for authorities: 1 if the other side showed a
// single certificate of an Ed25519 key, in its dates, of the expected peer. Without a PeerCheck: 0.
int verify_peer(X509_STORE_CTX* store, void* unused);

[[nodiscard]] Expected<PeerId, IdentityError> peer_id_of_certificate(const X509& certificate);

}  // namespace essaim::transport
