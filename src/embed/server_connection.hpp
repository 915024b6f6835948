// One peer's connection at a server.
#pragma once
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "base/bytes.hpp"
#include "embed/connection.hpp"

namespace essaim::embed {

// What may wait for a peer that does not read.
inline constexpr std::size_t kOutboxBytesMax = 16 * kMiB;

// Lives on the server's lane; only push() may be called from other threads.
class ServerConnection : public std::enable_shared_from_this<ServerConnection> {
 public:
  explicit ServerConnection(transport::tcp::socket socket);

  // False: kOutboxBytesMax would be exceeded, or nothing is sent any more.
  [[nodiscard]] bool push(Bytes frame);

  [[nodiscard]] Connection& wire() { return wire_; }
  // Writes what is pushed until finish() or the stream's end, and then takes leave. One call.
  [[nodiscard]] transport::awaitable<void> write();
  // Nothing more will be pushed.
  void finish();

  std::string peer_id;  // of its last message

 private:
  [[nodiscard]] bool finishing();
  [[nodiscard]] std::optional<Bytes> take();

  Connection wire_;
  boost::asio::steady_timer pushed_;  // never expires: cancelling it wakes write()
  std::mutex mutex_;                  // of all below
  std::deque<Bytes> outbox_;
  std::size_t outbox_bytes_ = 0;  // of the frame under way too
  bool finishing_ = false;
};

}  // namespace essaim::embed
