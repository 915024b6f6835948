#include "transport/first_byte.hpp"

#include <cerrno>
#include <sys/socket.h>

#include "transport/deadline_timer.hpp"

namespace essaim::transport {

awaitable<Expected<std::optional<wire::Level>, NetError>> peek_level(tcp::socket& socket, Instant deadline) {
  bool is_late = false;
  DeadlineTimer timer(socket.get_executor(), [&] {
    is_late = true;
    boost::system::error_code ignored;
    socket.cancel(ignored);
  });
  timer.set(deadline);
  for (;;) {
    const auto [error] = co_await socket.async_wait(tcp::socket::wait_read, kAwait);
    if (is_late) co_return fail(NetError::kTimeout);
    if (error) co_return fail(net_error(error));
    std::uint8_t byte = 0;
    const ssize_t got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got > 0) co_return wire::level_of_first_byte(byte);
    if (got == 0) co_return fail(NetError::kClosed);
    if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
      co_return fail(net_error({errno, boost::system::system_category()}));
  }
}

}  // namespace essaim::transport
