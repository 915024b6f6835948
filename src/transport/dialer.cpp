#include "transport/dialer.hpp"

#include <utility>

#include "transport/asio_endpoint.hpp"
#include "transport/clock.hpp"
#include "transport/deadline_timer.hpp"

namespace essaim::transport {

awaitable<Expected<tcp::socket, NetError>> dial(asio::any_io_executor executor, Endpoint endpoint, Duration timeout) {
  const tcp::endpoint remote = to_asio(endpoint);
  tcp::socket socket(executor);
  boost::system::error_code opening;
  socket.open(remote.protocol(), opening);
  if (opening) co_return fail(net_error(opening));

  bool is_late = false;
  DeadlineTimer timer(executor, [&] {
    is_late = true;
    boost::system::error_code ignored;
    socket.close(ignored);
  });
  timer.set(now() + timeout);
  const auto [error] = co_await socket.async_connect(remote, kAwait);
  if (is_late) co_return fail(NetError::kTimeout);
  if (error) co_return fail(net_error(error));
  co_return std::move(socket);
}

}  // namespace essaim::transport
