// A connection as bytes, whatever carries them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "transport/asio.hpp"
#include "transport/net_error.hpp"

namespace essaim::transport {

// Payload bytes, without what TLS adds.
struct ByteCounts {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
};

// Specification:
//  - Everything is called on the thread of executor(), a lane's. One coroutine may read while another writes; two that
//    read, or two that write, may not.
//  - A deadline is absolute and belongs to the direction it was set for. When one passes, the whole stream is ended:
//    whatever waits ends with kTimeout, and so does whatever is called later. Rationale: after a timeout nobody knows
//    where a frame begins, so there is nothing left to do with the connection.
//  - close() ends whatever waits with kCancelled. The stream must outlive the operations that it ended.
//  - kClosed from a read says that the peer will send no more; writing may still succeed.
//  - A direction that moved kBytesPerTurnMax without waiting lets the lane's other connections have their turn.
class ByteStream {
 public:
  static constexpr std::uint64_t kBytesPerTurnMax = kMiB;

  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;

  // At least one byte, as many as are there; `room` is not empty.
  [[nodiscard]] virtual awaitable<Expected<std::size_t, NetError>> read_some(MutableByteView room) = 0;
  [[nodiscard]] virtual awaitable<Expected<void, NetError>> read_exactly(MutableByteView room) = 0;
  // Both, one after the other, without joining them in memory first. Done when the system has taken them.
  [[nodiscard]] virtual awaitable<Expected<void, NetError>> write_all(ByteView first, ByteView second = {}) = 0;
  // Says that nothing more will be sent and reads, unheard, what the peer still sends, until it has ended too or a
  // deadline passes; then closes. For a last message (an ERROR): a plain close() with unread bytes in the socket cuts
  // the connection, and the peer may never see that message. No other operation may be under way.
  [[nodiscard]] virtual awaitable<void> finish(Instant deadline) = 0;
  // At once. May be called again.
  virtual void close() = 0;

  virtual void set_read_deadline(std::optional<Instant> deadline) = 0;
  virtual void set_write_deadline(std::optional<Instant> deadline) = 0;
  void set_deadline(std::optional<Instant> deadline) {
    set_read_deadline(deadline);
    set_write_deadline(deadline);
  }

  [[nodiscard]] virtual ByteCounts counts() const = 0;
  [[nodiscard]] virtual boost::asio::any_io_executor executor() = 0;
};

}  // namespace essaim::transport
