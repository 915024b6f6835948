// TLS without a socket: bytes in, bytes out.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "transport/memory_bio.hpp"
#include "transport/net_error.hpp"
#include "transport/peer_check.hpp"
#include "transport/tls_context.hpp"

namespace essaim::transport {

// One connection's TLS state between two buffers of ciphertext. Whoever drives it receives into input() and sends
// output(). Rationale for buffers of our own: OpenSSL asks for 5 bytes of record header and then for the record, so on
// a bare socket a 16 KiB record costs two reads and one write; here one call moves some 64 KiB.
//
// Nothing here waits. Not movable: OpenSSL keeps pointers to it.
class TlsEngine {
 public:
  enum class Role { kClient, kServer };
  enum class Progress { kDone, kNeedsInput };

  // TLS allows 16 KiB of plaintext and 256 bytes of overhead a record (RFC 8446, 5.2).
  static constexpr std::size_t kRecordPlainBytes = 16 * kKiB;
  static constexpr std::size_t kRecordBytesMax = 5 + kRecordPlainBytes + 256;
  // Both queues, as long as the handshake lasts. Why: strangers by the dozen may stand in the door.
  static constexpr std::size_t kHandshakeBytes = 8 * kKiB;
  static constexpr std::size_t kInputBytes = 64 * kKiB;
  // Output worth a system call; beyond it room for the record that reaches it, and for what OpenSSL sends by itself.
  static constexpr std::size_t kFlushBytes = 64 * kKiB;
  static constexpr std::size_t kOutputBytes = kFlushBytes + 2 * kRecordBytesMax;

  // `expected`: the only peer that is accepted; nothing: any.
  TlsEngine(const TlsContext& context, Role role, std::optional<PeerId> expected = std::nullopt);
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  // Repeat with more input until done. An error may leave an alert in output().
  [[nodiscard]] Expected<Progress, NetError> handshake();
  // Who the other side proved to be; only after a handshake that is done.
  [[nodiscard]] const PeerId& peer() const { return *check_.peer; }

  // Fills `room` as far as the input goes; 0: needs input. kClosed once the peer said that it ends.
  [[nodiscard]] Expected<std::size_t, NetError> decrypt(MutableByteView room);
  // Takes what the output has room for and says how much; 0 only when output() is to be sent first.
  [[nodiscard]] Expected<std::size_t, NetError> encrypt(ByteView bytes);
  // Leaves in output() the notice that we end.
  void end();

  // Where received bytes go. Its room is there again when decrypt() has answered 0.
  [[nodiscard]] ByteQueue& input() { return queues_.input; }
  // What is to be sent.
  [[nodiscard]] ByteQueue& output() { return queues_.output; }

 private:
  [[nodiscard]] NetError failure(int result);

  CipherQueues queues_;
  PeerCheck check_;
  SslHandle ssl_;
};

}  // namespace essaim::transport
