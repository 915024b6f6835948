#include "embed/server_connection.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "transport/clock.hpp"

namespace essaim::embed {
namespace {

// How long a peer may take to read a last message.
constexpr std::chrono::seconds kFarewellTimeMax{2};

}  // namespace

ServerConnection::ServerConnection(transport::tcp::socket socket)
    : wire_(std::move(socket)), pushed_(wire_.stream.executor(), boost::asio::steady_timer::time_point::max()) {}

bool ServerConnection::push(Bytes frame) {
  const std::scoped_lock lock(mutex_);
  if (finishing_ || outbox_bytes_ + frame.size() > kOutboxBytesMax) return false;
  outbox_bytes_ += frame.size();
  outbox_.push_back(std::move(frame));
  boost::asio::post(pushed_.get_executor(), [self = shared_from_this()] { self->pushed_.cancel(); });
  return true;
}

void ServerConnection::finish() {
  const std::scoped_lock lock(mutex_);
  finishing_ = true;
  pushed_.cancel();
}

bool ServerConnection::finishing() {
  const std::scoped_lock lock(mutex_);
  return finishing_;
}

std::optional<Bytes> ServerConnection::take() {
  const std::scoped_lock lock(mutex_);
  if (outbox_.empty()) return std::nullopt;
  Bytes frame = std::move(outbox_.front());
  outbox_.pop_front();
  return frame;
}

transport::awaitable<void> ServerConnection::write() {
  for (;;) {
    while (const std::optional<Bytes> frame = take()) {
      if (!co_await wire_.frames.write(*frame)) co_return wire_.stream.close();
      const std::scoped_lock lock(mutex_);
      outbox_bytes_ -= frame->size();
    }
    if (finishing()) break;
    co_await pushed_.async_wait(transport::kAwait);
  }
  co_await wire_.stream.finish(transport::now() + kFarewellTimeMax);
}

}  // namespace essaim::embed
