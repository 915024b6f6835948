#include "api/event_sending.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/event_stream.hpp"
#include "api/limits.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr std::string_view kEventStreamHeader =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n";

// The text of all events after `seen`, which becomes the number of the last one told.
std::string take_events(const node::EventLog& log, std::uint64_t& seen) {
  const std::optional<std::vector<node::Event>> events = log.after(seen);
  if (!events) {
    seen = log.newest();
    return reset_text(seen);
  }
  std::string text;
  for (const node::Event& event : *events) text += event_text(event);
  seen = log.newest();
  return text;
}

}  // namespace

awaitable<void> tell_events(Stream& stream, node::EventLog& log, std::optional<std::uint64_t> last_event_id) {
  using namespace asio::experimental::awaitable_operators;
  std::uint64_t seen = last_event_id.value_or(log.newest());
  std::string text(kEventStreamHeader);
  text += last_event_id ? take_events(log, seen) : reset_text(seen);
  asio::steady_timer heartbeat(stream.get_executor());
  while (co_await send_text(stream, std::move(text)) && !log.closed()) {
    heartbeat.expires_after(kHeartbeatEvery);
    // A listener has nothing more to say, so its socket becomes readable when it leaves (or stop() closes it).
    const auto woken_by = co_await (log.wait_after(seen) || heartbeat.async_wait(kAwaitTuple) ||
                                    stream.socket().async_wait(Stream::socket_type::wait_read, kAwaitTuple));
    if (woken_by.index() == 2) co_return;
    text = woken_by.index() == 1 ? std::string(kHeartbeat) : std::string();
    text += take_events(log, seen);
  }
}

}  // namespace essaim::api
