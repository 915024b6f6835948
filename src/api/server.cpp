#include "api/server.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "api/connection.hpp"
#include "api/limits.hpp"
#include "api/secret.hpp"
#include "api/web_gate.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using asio::local::stream_protocol;

constexpr std::chrono::milliseconds kAcceptBackOff{100};
constexpr std::string_view kBusy = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

std::unexpected<node::Failure> cannot_listen(const std::string& path, std::string_view why) {
  return fail(node::Failure{node::FailureCode::kFailed, fmt::format("Can't serve the socket {}: {}.", path, why)});
}

std::unexpected<node::Failure> no_page(const Endpoint& address, std::string_view why) {
  return fail(
      node::Failure{node::FailureCode::kFailed,
                    fmt::format("The page can't be served at {}: {}. Choose another place with --web 127.0.0.1:PORT, "
                                "or do without it with --web off.",
                                address.text(), why)});
}

// Says so, as far as that goes without waiting, to one who comes when all places are taken.
template <class Socket>
void turn_away(Socket socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(kBusy), ignored);
}

}  // namespace

struct Server::State {
  State(node::Facade& served, Log& told)
      : node(served), log(told), acceptor(served.executor()), page_acceptor(served.executor()) {}

  node::Facade& node;
  Log& log;
  stream_protocol::acceptor acceptor;
  std::string socket_path;
  ConnectionSet connections;
  tcp::acceptor page_acceptor;
  std::shared_ptr<WebGate> gate;  // while the page is served
  ConnectionSet page_connections;

  [[nodiscard]] Reception reception(WayIn way) {
    return {node, way == WayIn::kOwner ? connections : page_connections, gate, way};
  }

  template <class Acceptor>
  static asio::awaitable<void> accept_all(std::shared_ptr<State> state, Acceptor& acceptor, WayIn way);
  template <class Acceptor>
  static void start(const std::shared_ptr<State>& state, Acceptor& acceptor, WayIn way);
};

template <class Acceptor>
asio::awaitable<void> Server::State::accept_all(std::shared_ptr<State> state, Acceptor& acceptor, WayIn way) {
  const std::size_t places = way == WayIn::kOwner ? kConnectionsMax : kWebConnectionsMax;
  asio::steady_timer back_off(acceptor.get_executor());
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (error == asio::error::operation_aborted) break;
    Reception reception = state->reception(way);
    if (error) {
      state->log.warning("can't accept a connection to the API: {}", error.message());
      back_off.expires_after(kAcceptBackOff);
      co_await back_off.async_wait(asio::as_tuple(asio::use_awaitable));
    } else if (reception.connections.size() == places) {
      turn_away(std::move(socket));
    } else {
      const auto ended = [state](const std::exception_ptr& exception) {
        if (exception) state->log.error("a connection to the API ended with an exception");
      };
      asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), std::move(reception)), ended);
    }
  }
}

template <class Acceptor>
void Server::State::start(const std::shared_ptr<State>& state, Acceptor& acceptor, WayIn way) {
  const auto ended = [state](const std::exception_ptr& exception) {
    if (exception) state->log.error("the API accepts no more connections: its loop ended with an exception");
  };
  asio::co_spawn(acceptor.get_executor(), accept_all(state, acceptor, way), ended);
}

Server::Server(node::Facade& node, Log& log) : state_(std::make_shared<State>(node, log)) {}

Server::~Server() { stop(); }

node::Outcome<void> Server::listen(const std::string& socket_path) {
  if (socket_path.size() > kSocketPathBytesMax) {
    return cannot_listen(socket_path, fmt::format("the path is longer than the {} bytes that the system allows; choose "
                                                  "a home with a shorter path",
                                                  kSocketPathBytesMax));
  }
  std::error_code file_error;
  const fs::file_status there = fs::symlink_status(socket_path, file_error);
  if (fs::exists(there) && !fs::is_socket(there)) return cannot_listen(socket_path, "something else is there");
  fs::remove(socket_path, file_error);

  // Nobody can connect before listen(), so nobody can before the mode is set.
  boost::system::error_code error;
  stream_protocol::acceptor& acceptor = state_->acceptor;
  acceptor.open(stream_protocol(), error);
  if (!error) acceptor.bind(stream_protocol::endpoint(socket_path), error);
  if (error) return cannot_listen(socket_path, error.message());
  state_->socket_path = socket_path;
  fs::permissions(socket_path, fs::perms::owner_read | fs::perms::owner_write, file_error);
  if (file_error) return cannot_listen(socket_path, file_error.message());
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(socket_path, error.message());

  State::start(state_, acceptor, WayIn::kOwner);
  return {};
}

node::Outcome<std::string> Server::listen(const PageDoor& door) {
  if (!door.address.address.is_loopback()) {
    return no_page(door.address, "it is not an address of this machine alone, and whoever could reach it could try it");
  }
  boost::system::error_code error;
  tcp::acceptor& acceptor = state_->page_acceptor;
  tcp::endpoint endpoint(asio::ip::make_address(door.address.address.text(), error), door.address.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (error) return no_page(door.address, error.message());
  for (int tried = 1; (acceptor.bind(endpoint, error), error == asio::error::address_in_use); ++tried) {
    if (!door.or_next || tried == kPagePortsTried || endpoint.port() == UINT16_MAX) break;
    endpoint.port(static_cast<std::uint16_t>(endpoint.port() + 1));
  }
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return no_page(door.address, error.message());
  const std::string host = endpoint.address().is_v6() ? "[::1]" : endpoint.address().to_string();
  state_->gate = std::make_shared<WebGate>(
      WebGate::Options{host, acceptor.local_endpoint(error).port(), door.home_token, make_secret});
  State::start(state_, acceptor, WayIn::kWeb);
  return state_->gate->page_address();
}

void Server::stop() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  state_->page_acceptor.close(ignored);
  state_->connections.close_all();
  state_->page_connections.close_all();
  if (state_->socket_path.empty()) return;
  std::error_code missing;
  fs::remove(std::exchange(state_->socket_path, {}), missing);
}

std::size_t Server::connections() const { return state_->connections.size() + state_->page_connections.size(); }

}  // namespace essaim::api
