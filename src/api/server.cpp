#include "api/server.hpp"

#include <chrono>
#include <exception>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "api/connection.hpp"
#include "api/limits.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::local::stream_protocol;

constexpr std::chrono::milliseconds kAcceptBackOff{100};
constexpr std::string_view kBusy = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

std::unexpected<node::Failure> cannot_listen(const std::string& path, std::string_view why) {
  return fail(node::Failure{node::FailureCode::kFailed, fmt::format("Can't serve the socket {}: {}.", path, why)});
}

// Says so, as far as that goes without waiting, to one who comes when there are kConnectionsMax already.
void turn_away(stream_protocol::socket socket) {
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(kBusy), ignored);
}

}  // namespace

struct Server::State {
  State(node::Facade& served, Log& told) : node(served), log(told), acceptor(served.executor()) {}

  node::Facade& node;
  Log& log;
  stream_protocol::acceptor acceptor;
  std::string socket_path;
  ConnectionSet connections;

  static asio::awaitable<void> accept_all(std::shared_ptr<State> state);
};

asio::awaitable<void> Server::State::accept_all(std::shared_ptr<State> state) {
  asio::steady_timer back_off(state->acceptor.get_executor());
  while (state->acceptor.is_open()) {
    auto [error, socket] = co_await state->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (error == asio::error::operation_aborted) break;
    if (error) {
      state->log.warning("can't accept a connection to the API: {}", error.message());
      back_off.expires_after(kAcceptBackOff);
      co_await back_off.async_wait(asio::as_tuple(asio::use_awaitable));
    } else if (state->connections.size() == kConnectionsMax) {
      turn_away(std::move(socket));
    } else {
      const auto ended = [state](const std::exception_ptr& exception) {
        if (exception) state->log.error("a connection to the API ended with an exception");
      };
      asio::co_spawn(state->acceptor.get_executor(), serve(std::move(socket), state->node, state->connections), ended);
    }
  }
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

  const auto ended = [state = state_](const std::exception_ptr& exception) {
    if (exception) state->log.error("the API accepts no more connections: its loop ended with an exception");
  };
  asio::co_spawn(acceptor.get_executor(), State::accept_all(state_), ended);
  return {};
}

void Server::stop() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  state_->connections.close_all();
  if (state_->socket_path.empty()) return;
  std::error_code missing;
  fs::remove(std::exchange(state_->socket_path, {}), missing);
}

std::size_t Server::connections() const { return state_->connections.size(); }

}  // namespace essaim::api
