#include "transport/tls_engine.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include "base/defence.hpp"

namespace essaim::transport {

TlsEngine::TlsEngine(const TlsContext& context, Role role, std::optional<PeerId> expected)
    : queues_{ByteQueue(kHandshakeBytes), ByteQueue(kHandshakeBytes)},
      check_{.expected = std::move(expected), .peer = std::nullopt},
      ssl_(SSL_new(context.native())) {
  BioHandle bio = make_memory_bio(queues_);
  if (!ssl_ || !bio) throw std::bad_alloc();
  BIO* both = bio.release();
  SSL_set_bio(ssl_.get(), both, both);
  SSL_set_app_data(ssl_.get(), &check_);
  if (role == Role::kClient) {
    SSL_set_connect_state(ssl_.get());
  } else {
    SSL_set_accept_state(ssl_.get());
  }
}

Expected<TlsEngine::Progress, NetError> TlsEngine::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) {
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return Progress::kNeedsInput;
    return fail(failure(result));
  }
  // A client that offers no ALPN at all gets past the server's choice of one, and a server may ignore our offer.
  const unsigned char* chosen = nullptr;
  unsigned int bytes = 0;
  SSL_get0_alpn_selected(ssl_.get(), &chosen, &bytes);
  const bool our_protocol = as_text(ByteView(chosen, bytes)) == kAlpn || !defended(Defence::kAlpn);
  if (!our_protocol || !check_.peer) return fail(NetError::kTls);
  queues_.input.grow(kInputBytes);
  queues_.output.grow(kOutputBytes);
  return Progress::kDone;
}

Expected<std::size_t, NetError> TlsEngine::decrypt(MutableByteView room) {
  std::size_t filled = 0;
  while (filled < room.size()) {
    std::size_t got = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), room.data() + filled, room.size() - filled, &got);
    filled += got;
    if (result == 1) continue;
    const int error = SSL_get_error(ssl_.get(), result);
    // WANT_WRITE: an answer to a key update found no room in the output.
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE || filled > 0) break;
    return fail(failure(result));
  }
  return filled;
}

Expected<std::size_t, NetError> TlsEngine::encrypt(ByteView bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && queues_.output.bytes().size() < kFlushBytes) {
    const std::size_t piece = std::min(bytes.size() - taken, kRecordPlainBytes);
    // Room for one record is kept free for what OpenSSL sends by itself, so a write is never refused half-way.
    if (queues_.output.room().size() < 2 * kRecordBytesMax) break;
    std::size_t written = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), bytes.data() + taken, piece, &written);
    if (result != 1) return fail(failure(result));
    taken += written;
  }
  return taken;
}

void TlsEngine::end() {
  ERR_clear_error();
  if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

NetError TlsEngine::failure(int result) {
  if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) return NetError::kClosed;
  if (check_.is_wrong_peer) return NetError::kWrongPeer;
  const int reason = ERR_GET_REASON(ERR_peek_error());
  const bool looks_foreign =
      reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST;
  return looks_foreign && SSL_is_init_finished(ssl_.get()) == 0 ? NetError::kNotTls : NetError::kTls;
}

}  // namespace essaim::transport
