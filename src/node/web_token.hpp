// The secret that lets a script in over TCP: HOME/web.token, for its owner's eyes only.
#pragma once
#include <string>

#include "node/views.hpp"

namespace essaim::node {

inline constexpr std::size_t kWebTokenBytesMax = 256;

// What the file says; `if_missing` is written where there is none. A file that others can read is refused: it may have
// been read.
[[nodiscard]] Outcome<std::string> web_token(const std::string& home, const std::string& if_missing);

}  // namespace essaim::node
