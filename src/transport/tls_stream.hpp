// A byte stream in TLS 1.3: level 1.
#pragma once
#include <optional>
#include <utility>

#include "base/ids.hpp"
#include "transport/byte_stream.hpp"
#include "transport/stream_socket.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_engine.hpp"

namespace essaim::transport {

// The rules are ByteStream's. First handshake(), then everything else.
class TlsStream final : public ByteStream {
 public:
  using Role = TlsEngine::Role;

  // `socket` is connected and belongs to a lane. `expected` (for who dials a known peer): any other is refused.
  TlsStream(tcp::socket socket, const TlsContext& context, Role role, std::optional<PeerId> expected = std::nullopt)
      : socket_(std::move(socket)), engine_(context, role, std::move(expected)) {}

  // Whose key the other side has proved to hold. Set a deadline before.
  // In TLS 1.3 the client's handshake is done before the server has looked at its certificate: a client knows that it
  // was accepted only when the first frame arrives.
  [[nodiscard]] awaitable<Expected<PeerId, NetError>> handshake();

  [[nodiscard]] awaitable<Expected<std::size_t, NetError>> read_some(MutableByteView room) override;
  [[nodiscard]] awaitable<Expected<void, NetError>> read_exactly(MutableByteView room) override;
  [[nodiscard]] awaitable<Expected<void, NetError>> write_all(ByteView first, ByteView second = {}) override;
  [[nodiscard]] awaitable<void> finish(Instant deadline) override;
  void close() override;

  void set_read_deadline(std::optional<Instant> deadline) override { socket_.set_receive_deadline(deadline); }
  void set_write_deadline(std::optional<Instant> deadline) override { socket_.set_send_deadline(deadline); }
  [[nodiscard]] ByteCounts counts() const override { return counts_; }
  [[nodiscard]] boost::asio::any_io_executor executor() override { return socket_.executor(); }

 private:
  [[nodiscard]] awaitable<Expected<void, NetError>> fill_input(std::size_t at_least = 1);
  [[nodiscard]] awaitable<Expected<void, NetError>> flush_output();
  void flush_now();

  StreamSocket socket_;
  TlsEngine engine_;
  ByteCounts counts_;
};

}  // namespace essaim::transport
