// One connection to a peer of level 0.
#pragma once
#include <string>
#include <utility>
#include <variant>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "node/classic_limits.hpp"
#include "transport/clock.hpp"
#include "transport/frame_stream.hpp"
#include "transport/plain_stream.hpp"
#include "wire/classic_message.hpp"

namespace essaim::node {

// Belongs to its lane.
class ClassicErrand {
 public:
  ClassicErrand(boost::asio::ip::tcp::socket socket, PeerId self)
      : stream_(std::move(socket)), frames_(stream_, wire::Level::kClassic), self_(std::move(self)) {
    frames_.accept_peer();
  }

  // Sends the message and reads on until an answer of the type wanted, or an ERROR, has come. What such peers push
  // unasked is passed over.
  template <class Answer>
  [[nodiscard]] boost::asio::awaitable<Expected<Answer, std::string>> ask(wire::classic::Message message) {
    frames_.set_deadline(transport::now() + kClassicAnswerTimeMax);
    const Bytes request = wire::classic::encode_message({self_, std::move(message)});
    if (auto sent = co_await frames_.write(request); !sent) co_return fail(std::string(to_string(sent.error())));
    while (true) {
      auto frame = co_await frames_.read_frame();
      if (!frame) co_return fail(std::string(to_string(frame.error())));
      auto envelope = wire::classic::parse_message(*frame);
      if (!envelope) continue;
      if (auto* answer = std::get_if<Answer>(&envelope->message)) co_return std::move(*answer);
      if (const auto* error = std::get_if<wire::classic::Error>(&envelope->message)) {
        co_return fail("it says \"" + error->message + "\"");
      }
    }
  }

 private:
  transport::PlainStream stream_;
  transport::FrameStream frames_;
  PeerId self_;
};

}  // namespace essaim::node
