// The names of Asio that this folder speaks in.
#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace essaim::transport {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;

// Completion token of every wait: `auto [error, n] = co_await …(kAwait);`. Failures are values, never exceptions.
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace essaim::transport
