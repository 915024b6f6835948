#include "essaim/client.hpp"

#include <atomic>
#include <future>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "embed/call.hpp"
#include "embed/connection.hpp"
#include "embed/message_codec.hpp"
#include "transport/dialer.hpp"
#include "transport/lane.hpp"

namespace essaim {
namespace {

namespace asio = boost::asio;
using transport::awaitable;
using transport::NetError;

struct Link {
  explicit Link(transport::tcp::socket socket) : connection(std::move(socket)) {
    // We have chosen whom to dial, and its answers may be long from the first on.
    connection.frames.accept_peer();
  }
  embed::Connection connection;
  std::atomic<bool> open{true};
};
using LinkPtr = std::shared_ptr<Link>;

awaitable<Expected<LinkPtr, NetError>> open(transport::Lane& lane, Endpoint remote, Duration timeout) {
  auto socket = co_await transport::dial(lane.executor(), remote, timeout);
  if (!socket) co_return fail(socket.error());
  co_return std::make_shared<Link>(std::move(*socket));
}

awaitable<Expected<void, NetError>> write(LinkPtr link, Bytes frame) {
  const auto written = co_await link->connection.frames.write(frame);
  if (!written) link->open = false;
  co_return written;
}

awaitable<std::optional<Message>> read(LinkPtr link) {
  auto message = co_await link->connection.read();
  if (message) co_return std::move(*message);
  link->open = false;
  link->connection.stream.close();
  co_return std::nullopt;
}

}  // namespace

class Client::Impl {
 public:
  ~Impl() {
    forget();
    lane_.drain();
  }

  Result<> connect(const std::string& ip, std::uint16_t port, std::chrono::milliseconds timeout) {
    const auto address = IpAddress::parse(ip);
    if (!address) return Error{fmt::format("\"{}\" is no IP address.", ip)};
    forget();
    const Endpoint remote{*address, port};
    auto link = run(open(lane_, remote, timeout)).get();
    if (!link) return Error{fmt::format("{} could not be reached: {}.", remote.text(), to_string(link.error()))};
    link_ = std::move(*link);
    return {};
  }

  Result<> send(const Message& message) {
    auto frame = embed::to_frame(message);
    if (!frame) return Error{frame.error()};
    if (!connected()) return Error{"The connection is closed."};
    const auto written = run(write(link_, std::move(*frame))).get();
    if (!written) return Error{fmt::format("The connection ended: {}.", to_string(written.error()))};
    return {};
  }

  std::optional<Message> receive(std::chrono::milliseconds timeout) {
    if (!link_) return std::nullopt;
    // A read that nobody waited for to its end goes on, so that a timeout never cuts a frame in two.
    if (!reading_.valid()) reading_ = run(read(link_));
    if (reading_.wait_for(timeout) != std::future_status::ready) return std::nullopt;
    return reading_.get();
  }

  [[nodiscard]] bool connected() const { return link_ && link_->open; }

  void close() {
    if (!link_) return;
    embed::call(lane_, [link = link_.get()] {
      link->open = false;
      link->connection.stream.close();
    });
  }

 private:
  template <class Answer>
  std::future<Answer> run(awaitable<Answer> coroutine) {
    return asio::co_spawn(lane_.executor(), std::move(coroutine), asio::use_future);
  }

  void forget() {
    close();
    reading_ = {};
    // Destroyed where it lives.
    if (link_) lane_.post([link = std::move(link_)] {});
    link_.reset();
  }

  transport::Lane lane_{0};
  LinkPtr link_;
  std::future<std::optional<Message>> reading_;
};

Client::Client() : impl_(std::make_unique<Impl>()) {}
Client::~Client() = default;

Result<> Client::connect(const std::string& ip, std::uint16_t port, std::chrono::milliseconds timeout) {
  return impl_->connect(ip, port, timeout);
}
Result<> Client::send(const Message& message) { return impl_->send(message); }
std::optional<Message> Client::receive(std::chrono::milliseconds timeout) { return impl_->receive(timeout); }
bool Client::connected() const { return impl_->connected(); }
void Client::close() { impl_->close(); }

}  // namespace essaim
