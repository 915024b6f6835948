#include "transport/stream_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>
#include <tuple>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/assert.hpp"
#include "transport/byte_stream.hpp"

namespace essaim::transport {
namespace {

constexpr std::size_t kDrainBytes = 4 * kKiB;

// After a call that failed: 0 if it is worth waiting for another.
Expected<std::size_t, NetError> nothing_moved() {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return 0;
  return fail(net_error({errno, boost::system::system_category()}));
}

// One sendmsg of both, without a copy. The result is sendmsg's.
ssize_t send_both(int descriptor, ByteView first, ByteView second) {
  // sendmsg only reads, but its iovec is not const.
  std::array<iovec, 2> parts{{{const_cast<std::uint8_t*>(first.data()), first.size()},
                              {const_cast<std::uint8_t*>(second.data()), second.size()}}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  return ::sendmsg(descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

StreamSocket::StreamSocket(tcp::socket socket)
    : socket_(std::move(socket)),
      receive_deadline_(socket_.get_executor(), [this] { end(NetError::kTimeout); }),
      send_deadline_(socket_.get_executor(), [this] { end(NetError::kTimeout); }) {
  boost::system::error_code ignored;  // a socket that is broken already says so when it is used
  socket_.set_option(tcp::no_delay(true), ignored);
}

Expected<std::size_t, NetError> StreamSocket::try_receive(MutableByteView room) {
  ASSERT(!room.empty());
  if (ended_) return fail(*ended_);
  if (received_in_turn_ >= ByteStream::kBytesPerTurnMax) return 0;
  const std::size_t most = std::min<std::uint64_t>(room.size(), ByteStream::kBytesPerTurnMax - received_in_turn_);
  const ssize_t got = ::recv(socket_.native_handle(), room.data(), most, MSG_DONTWAIT);
  if (got == 0) return fail(NetError::kClosed);
  if (got < 0) return nothing_moved();
  received_in_turn_ += static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

Expected<std::size_t, NetError> StreamSocket::try_send(ByteView first, ByteView second) {
  if (ended_) return fail(*ended_);
  if (sent_in_turn_ >= ByteStream::kBytesPerTurnMax) return 0;
  const ssize_t sent = send_both(socket_.native_handle(), first, second);
  if (sent < 0) return nothing_moved();
  sent_in_turn_ += static_cast<std::uint64_t>(sent);
  return static_cast<std::size_t>(sent);
}

awaitable<Expected<void, NetError>> StreamSocket::ready_to_receive(std::size_t at_least) {
  wake_at(std::clamp<std::size_t>(at_least, 1, kReceivedTogetherMax));
  return ready(tcp::socket::wait_read, received_in_turn_);
}

awaitable<Expected<void, NetError>> StreamSocket::ready_to_send() {
  return ready(tcp::socket::wait_write, sent_in_turn_);
}

awaitable<void> StreamSocket::finish(Instant deadline) {
  boost::system::error_code ignored;  // the peer may be gone already
  if (!ended_) socket_.shutdown(tcp::socket::shutdown_send, ignored);
  set_receive_deadline(deadline);
  std::array<std::uint8_t, kDrainBytes> unheard;
  for (;;) {
    const auto got = try_receive(unheard);
    if (!got) break;
    if (*got > 0) continue;
    const auto ready = co_await ready_to_receive();
    if (!ready) break;
  }
  close();
}

void StreamSocket::wake_at(std::size_t bytes) {
  if (ended_ || std::exchange(woken_at_, bytes) == bytes) return;
  const int low_water = static_cast<int>(bytes);
  // Where it is refused, it is woken for every byte, as ever.
  static_cast<void>(::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVLOWAT, &low_water, sizeof low_water));
}

void StreamSocket::end(NetError reason) {
  if (!ended_) ended_ = reason;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

awaitable<Expected<void, NetError>> StreamSocket::ready(tcp::socket::wait_type direction, std::uint64_t& in_turn) {
  const bool is_turn_over = in_turn >= ByteStream::kBytesPerTurnMax;
  in_turn = 0;
  boost::system::error_code error;
  if (is_turn_over) {
    co_await asio::post(socket_.get_executor(), asio::use_awaitable);
  } else if (!ended_) {
    std::tie(error) = co_await socket_.async_wait(direction, kAwait);
  }
  if (ended_) co_return fail(*ended_);
  if (error) co_return fail(net_error(error));
  co_return Expected<void, NetError>{};
}

}  // namespace essaim::transport
