#include "essaim/server.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <variant>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include "embed/call.hpp"
#include "embed/message_codec.hpp"
#include "embed/server_connection.hpp"
#include "transport/clock.hpp"
#include "transport/lane.hpp"
#include "transport/listener.hpp"
#include "wire/classic_message.hpp"

namespace essaim {
namespace {

namespace asio = boost::asio;
using embed::ServerConnection;
using transport::awaitable;
using ConnectionPtr = std::shared_ptr<ServerConnection>;

constexpr std::chrono::seconds kFirstMessageTimeMax{30};
constexpr std::size_t kConnectionsMax = 1024;

// Tells a peer that sent no frame why it is let go.
Bytes farewell(wire::FrameError error) {
  const wire::classic::Error message{wire::error_code_of(error), std::string(to_string(error))};
  return wire::classic::encode_message({.peer_id = {}, .message = message});
}

}  // namespace

// One lane runs everything. Only `peers_` is also looked at by other threads.
class Server::Impl {
 public:
  explicit Impl(std::uint16_t port) : wanted_port_(port) {}
  ~Impl() {
    stop();
    lane().drain();
  }

  Result<> start(OnMessage on_message) {
    return embed::call(lane(), [&]() -> Result<> {
      if (listener_) return Error{"The server runs already."};
      auto listener = transport::Listener::open(lane().context(), lanes_,
                                                {.port = wanted_port_, .choice = transport::PortChoice::kExactly});
      if (!listener) {
        return Error{fmt::format("TCP port {} cannot be used: {}.", wanted_port_, to_string(listener.error()))};
      }
      on_message_ = std::move(on_message);
      listener_ = std::move(*listener);
      port_ = listener_->port();
      listener_->start([this](transport::Accepted accepted) { welcome(std::move(accepted)); });
      return {};
    });
  }

  void stop() {
    embed::call(lane(), [this] {
      port_ = 0;
      listener_.reset();
      for (const ConnectionPtr& connection : connections_) connection->wire().stream.close();
      const std::scoped_lock lock(mutex_);
      peers_.clear();
    });
  }

  bool send(const std::string& peer_id, const Message& message) {
    auto frame = embed::to_frame(message);
    if (!frame) return false;
    const std::scoped_lock lock(mutex_);
    const auto peer = peers_.find(peer_id);
    return peer != peers_.end() && peer->second->push(std::move(*frame));
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  [[nodiscard]] transport::Lane& lane() { return lanes_.at(0); }

  void welcome(transport::Accepted accepted) {
    if (connections_.size() >= kConnectionsMax) return;
    auto connection = std::make_shared<ServerConnection>(std::move(accepted.socket));
    connections_.insert(connection);
    asio::co_spawn(lane().executor(), read(connection, std::move(accepted.ticket)), asio::detached);
    asio::co_spawn(lane().executor(), write(std::move(connection)), asio::detached);
  }

  awaitable<void> read(ConnectionPtr connection, transport::AdmissionTicket ticket) {
    transport::FrameStream& frames = connection->wire().frames;
    frames.set_deadline(transport::now() + kFirstMessageTimeMax);
    for (;;) {
      const auto message = co_await connection->wire().read();
      if (!message) {
        if (const auto* bad = std::get_if<wire::FrameError>(&message.error())) {
          static_cast<void>(connection->push(farewell(*bad)));
        }
        break;
      }
      if (message->peer_id.empty()) continue;
      frames.set_deadline(std::nullopt);
      frames.accept_peer();
      ticket.release();
      name(connection, message->peer_id);
      on_message_(message->peer_id, *message);
    }
    unname(*connection);
    connection->finish();
  }

  awaitable<void> write(ConnectionPtr connection) {
    co_await connection->write();
    connections_.erase(connection);
  }

  void name(const ConnectionPtr& connection, const std::string& peer_id) {
    if (connection->peer_id != peer_id) unname(*connection);
    connection->peer_id = peer_id;
    const std::scoped_lock lock(mutex_);
    peers_[peer_id] = connection;
  }

  // Unless another connection has taken the id over.
  void unname(const ServerConnection& connection) {
    const std::scoped_lock lock(mutex_);
    const auto peer = peers_.find(connection.peer_id);
    if (peer != peers_.end() && peer->second.get() == &connection) peers_.erase(peer);
  }

  std::uint16_t wanted_port_;
  transport::Lanes lanes_{1};
  std::atomic<std::uint16_t> port_{0};
  std::unique_ptr<transport::Listener> listener_;
  OnMessage on_message_;
  std::set<ConnectionPtr> connections_;
  std::mutex mutex_;
  std::map<std::string, ConnectionPtr> peers_;
};

Server::Server(std::uint16_t port) : impl_(std::make_unique<Impl>(port)) {}
Server::~Server() = default;

Result<> Server::start(OnMessage on_message) { return impl_->start(std::move(on_message)); }
void Server::stop() { impl_->stop(); }
bool Server::send_to_peer(const std::string& peer_id, const Message& message) { return impl_->send(peer_id, message); }
std::uint16_t Server::port() const { return impl_->port(); }

}  // namespace essaim
