// A byte stream on bare TCP: level 0, and tests.
#pragma once
#include <optional>
#include <utility>

#include "transport/byte_stream.hpp"
#include "transport/stream_socket.hpp"

namespace essaim::transport {

class PlainStream final : public ByteStream {
 public:
  // `socket` is connected and belongs to a lane.
  explicit PlainStream(tcp::socket socket) : socket_(std::move(socket)) {}

  [[nodiscard]] awaitable<Expected<std::size_t, NetError>> read_some(MutableByteView room) override;
  [[nodiscard]] awaitable<Expected<void, NetError>> read_exactly(MutableByteView room) override;
  [[nodiscard]] awaitable<Expected<void, NetError>> write_all(ByteView first, ByteView second = {}) override;
  [[nodiscard]] awaitable<void> finish(Instant deadline) override;
  void close() override { socket_.close(); }

  void set_read_deadline(std::optional<Instant> deadline) override { socket_.set_receive_deadline(deadline); }
  void set_write_deadline(std::optional<Instant> deadline) override { socket_.set_send_deadline(deadline); }
  [[nodiscard]] ByteCounts counts() const override { return counts_; }
  [[nodiscard]] boost::asio::any_io_executor executor() override { return socket_.executor(); }

 private:
  StreamSocket socket_;
  ByteCounts counts_;
};

}  // namespace essaim::transport
