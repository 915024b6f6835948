// Text encodings, and the one gate through which a peer's text reaches a terminal or a log.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace essaim {

// RFC 4648 base32, lower case, no padding: 32 bytes are 52 characters.
[[nodiscard]] std::string to_base32(ByteView bytes);
// The inverse; nothing on a foreign character, upper case, an impossible length or stray bits in the last character,
// so that every byte string has exactly one text.
[[nodiscard]] std::optional<Bytes> from_base32(std::string_view text);

// Lower-case hexadecimal; from_hex takes either case.
[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

// Well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

// The same text with every character that a terminal or a log could obey written as \xNN or \u{NNNN}: C0 and C1
// controls, DEL, bidirectional overrides and isolates, zero-width characters, line and paragraph separators, and
// bytes that are not UTF-8.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace essaim
