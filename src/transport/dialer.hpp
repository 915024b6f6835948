// Connections that we open.
#pragma once
#include <boost/asio/any_io_executor.hpp>

#include "base/endpoint.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "transport/asio.hpp"
#include "transport/net_error.hpp"

namespace essaim::transport {

// A connected socket of `executor` (a lane's, on whose thread this runs), or why there is none.
[[nodiscard]] awaitable<Expected<tcp::socket, NetError>> dial(asio::any_io_executor executor, Endpoint endpoint,
                                                              Duration timeout);

}  // namespace essaim::transport
