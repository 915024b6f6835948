// Percent-encoding of the values in a link's query (RFC 3986, sections 2 and 3.4).
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace essaim::content {

// Unreserved characters stay, every other byte becomes %XX in upper case.
[[nodiscard]] std::string percent_encode(std::string_view text);
// The inverse, which also takes the other characters that a query may hold as they are ('+' is a plus, not a space)
// and either case of XX. Nothing for a '%' without two digits and for a byte that no query holds.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

}  // namespace essaim::content
