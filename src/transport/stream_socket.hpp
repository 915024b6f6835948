// A connected TCP socket, as both kinds of stream use it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "transport/asio.hpp"
#include "transport/deadline_timer.hpp"
#include "transport/net_error.hpp"

namespace essaim::transport {

// Being woken costs more than receiving this much takes.
inline constexpr std::size_t kReceivedTogetherMax = 128 * kKiB;

// The deadline, threading, turn and closing rules of ByteStream, on a socket. Each direction is tried first and waited
// for only when that gives 0; no call raises SIGPIPE.
class StreamSocket {
 public:
  // `socket` is connected and belongs to the lane that uses this. Small writes leave at once (TCP_NODELAY).
  explicit StreamSocket(tcp::socket socket);

  // What is there now, as far as `room` (not empty) goes; 0: await ready_to_receive(). kClosed at the end of what the
  // peer sends.
  [[nodiscard]] Expected<std::size_t, NetError> try_receive(MutableByteView room);
  // `at_least`: so many bytes are sure to come, unless the connection ends; it need not be woken for fewer (the system
  // may do so all the same, and does beyond kReceivedTogetherMax).
  [[nodiscard]] awaitable<Expected<void, NetError>> ready_to_receive(std::size_t at_least = 1);
  // How much of both, one after the other, the system took; 0: await ready_to_send().
  [[nodiscard]] Expected<std::size_t, NetError> try_send(ByteView first, ByteView second = {});
  [[nodiscard]] awaitable<Expected<void, NetError>> ready_to_send();

  // ByteStream::finish().
  [[nodiscard]] awaitable<void> finish(Instant deadline);
  void close() { end(NetError::kCancelled); }

  void set_receive_deadline(std::optional<Instant> deadline) { receive_deadline_.set(deadline); }
  void set_send_deadline(std::optional<Instant> deadline) { send_deadline_.set(deadline); }
  [[nodiscard]] asio::any_io_executor executor() { return socket_.get_executor(); }

 private:
  void end(NetError reason);
  void wake_at(std::size_t bytes);
  // Waits until the direction can move; or only lets the loop's other handlers run, if its turn is over.
  [[nodiscard]] awaitable<Expected<void, NetError>> ready(tcp::socket::wait_type direction, std::uint64_t& in_turn);

  tcp::socket socket_;
  std::optional<NetError> ended_;       // why no operation can succeed any more
  std::uint64_t received_in_turn_ = 0;  // bytes since this direction last waited
  std::uint64_t sent_in_turn_ = 0;
  std::size_t woken_at_ = 1;  // received bytes that wake who waits for them
  DeadlineTimer receive_deadline_;
  DeadlineTimer send_deadline_;
};

}  // namespace essaim::transport
