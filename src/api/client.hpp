// The API, asked by a program that waits for its answers.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include "api/event_stream.hpp"
#include "api/message.hpp"
#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/views.hpp"

namespace essaim::api {

// Where the API of a home's node is found.
[[nodiscard]] inline std::string socket_path_of(const std::string& home) { return home + "/node.sock"; }

// What to ask. `target` is already encoded (percent_encode).
struct Call {
  Method method = Method::kGet;
  std::string target;       // "/api/v1/status"
  boost::json::value body;  // null: none
};

inline constexpr std::uint64_t kAnswerBytesMax = 64 * 1024 * 1024;

// The node of a home, over its Unix socket. Each call runs `io` until its answer is there, so whatever else waits on
// `io` (signals) is served meanwhile. A call has no deadline: hashing a folder takes its time, and who waits can
// interrupt().
class Client {
 public:
  // Both outlive the client.
  Client(boost::asio::io_context& io, std::string socket_path);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Whether somebody serves the socket.
  [[nodiscard]] bool reachable();

  // The JSON document of the answer, or the failure that the node gave; kFailed when no node answers.
  [[nodiscard]] node::Outcome<boost::json::value> call(Call call);

  // Gives the bytes of a content to `take`, in order and piece by piece, as they come and as fast as it takes them:
  // until the last, or until `take` says that it wants no more.
  using Taker = std::function<boost::asio::awaitable<bool>(ByteView piece)>;
  [[nodiscard]] node::Outcome<void> read_file(const ContentId& id, Taker take);

  // Listens to the node's events from now on; the first is `reset`.
  [[nodiscard]] node::Outcome<void> subscribe();
  // The next event, or nothing when `patience` is over. Fails when the node is gone.
  [[nodiscard]] node::Outcome<std::optional<StreamEvent>> next_event(std::chrono::milliseconds patience);

  // Ends the call that is being waited for with kInterrupted; made from a handler that runs on `io`.
  void interrupt();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace essaim::api
