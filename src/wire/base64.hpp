// Base64 (RFC 4648, section 4), which level 0 puts chunks into.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace essaim::wire {

[[nodiscard]] std::string to_base64(ByteView bytes);
// Strict: padded to a multiple of four characters, no white space, no foreign character, no stray bits, so that every
// byte string has exactly one text. At most 2^30 characters.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

}  // namespace essaim::wire
