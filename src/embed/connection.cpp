#include "embed/connection.hpp"

#include <chrono>

#include <boost/system/error_code.hpp>

#include "embed/message_codec.hpp"

namespace essaim::embed {
namespace {

// A peer may be silent for as long as it lives; the system's keep-alive probes find out when it no longer does.
constexpr std::chrono::hours kSilenceMax{24 * 365};

transport::tcp::socket kept_alive(transport::tcp::socket socket) {
  boost::system::error_code ignored;
  socket.set_option(transport::tcp::socket::keep_alive(true), ignored);
  return socket;
}

}  // namespace

Connection::Connection(transport::tcp::socket socket)
    : stream(kept_alive(std::move(socket))), frames(stream, wire::Level::kClassic, {.idle_max = kSilenceMax}) {}

transport::awaitable<Expected<Message, transport::StreamError>> Connection::read() {
  for (;;) {
    const auto frame = co_await frames.read_frame();
    if (!frame) co_return fail(frame.error());
    if (auto message = to_message(*frame)) co_return std::move(*message);
  }
}

}  // namespace essaim::embed
