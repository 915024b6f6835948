// The target of a request: "/api/v1/list?peer=bob&path=a%2Fb", taken apart.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace essaim::api {

struct Target {
  std::vector<std::string> parts;            // "api", "v1", "list"
  std::map<std::string, std::string> query;  // "peer" → "bob", "path" → "a/b"
};

enum class TargetError {
  kNotAbsolute,    // does not begin with '/'
  kEmptyPart,      // "//", or a '/' at the end
  kBadEscape,      // '%' without two hexadecimal digits
  kNotUtf8,        // once decoded
  kTooManyParts,   // more than kTargetPartsMax parts or fields
  kRepeatedField,  // a field of the query comes twice
};
[[nodiscard]] std::string_view to_string(TargetError error);

// Percent-decodes after splitting, so an escaped '/' or '&' belongs to its part or value. '+' is itself.
[[nodiscard]] Expected<Target, TargetError> parse_target(std::string_view text);

// One part or value for a target: all but RFC 3986's unreserved characters as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace essaim::api
