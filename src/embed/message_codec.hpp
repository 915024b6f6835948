// Public messages to frames of level 0 and back.
#pragma once
#include <optional>

#include "base/bytes.hpp"
#include "essaim/message.hpp"
#include "essaim/result.hpp"
#include "wire/frame.hpp"

namespace essaim::embed {

// Nothing for an object without a usable type. Without a usable peer id that is empty, without data it is {}.
[[nodiscard]] std::optional<Message> to_message(const wire::Frame& frame);

// Length and JSON; an error for what breaks the rules of Message, and above wire::kClassicJsonBytesMax.
[[nodiscard]] Result<Bytes> to_frame(const Message& message);

}  // namespace essaim::embed
