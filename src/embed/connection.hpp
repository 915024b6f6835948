// A plain connection that messages travel on, whoever opened it.
#pragma once
#include <utility>

#include "base/result.hpp"
#include "essaim/message.hpp"
#include "transport/frame_stream.hpp"
#include "transport/plain_stream.hpp"

namespace essaim::embed {

// Lives on one lane; the rules are those of its streams.
struct Connection {
  // `socket` is connected and belongs to the lane.
  explicit Connection(transport::tcp::socket socket);

  // The next message that has a type.
  [[nodiscard]] transport::awaitable<Expected<Message, transport::StreamError>> read();

  transport::PlainStream stream;
  transport::FrameStream frames;
};

}  // namespace essaim::embed
