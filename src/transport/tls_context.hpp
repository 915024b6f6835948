// How we speak TLS: the same for every connection, for who dials and for who is dialled.
#pragma once
#include <string_view>
#include <utility>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "transport/identity.hpp"
#include "transport/openssl_handle.hpp"

namespace essaim::transport {

inline constexpr std::string_view kAlpn = "essaim/1";
// A peer's certificate is under 500 bytes; OpenSSL's own bound is 100 KiB.
inline constexpr long kCertificateListBytesMax = 4096;

// Specification of the handshake, both ways:
//  - TLS 1.3 only, ALPN "essaim/1", no tickets, no resumption. Rationale: nothing to downgrade to, and each connection
//    proves its peer anew.
//  - Both sides show one Ed25519 certificate, self-signed or not; who signed it is not asked. Rationale: a peer is its
//    key, so the only question is whether the key is the expected one.
//  - Chains longer than one, other keys and certificates that are out of their dates are refused.
//  - AES-128-GCM first where the processor has AES instructions, else ChaCha20. The slower side decides.
//
// Immutable after make(), so all lanes share one.
class TlsContext {
 public:
  [[nodiscard]] static Expected<TlsContext, IdentityError> make(const TlsIdentity& identity);

  // Our own id, from our own certificate.
  [[nodiscard]] const PeerId& peer_id() const { return peer_id_; }
  // For TlsEngine. OpenSSL counts references to it, so a connection may outlive this object.
  [[nodiscard]] SSL_CTX* native() const { return context_.get(); }

 private:
  TlsContext(SslCtxHandle context, PeerId peer_id) : context_(std::move(context)), peer_id_(std::move(peer_id)) {}

  SslCtxHandle context_;
  PeerId peer_id_;
};

}  // namespace essaim::transport
