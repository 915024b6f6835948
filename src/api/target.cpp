#include "api/target.hpp"

#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/limits.hpp"
#include "base/bytes.hpp"
#include "base/text.hpp"

namespace essaim::api {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

Expected<std::string, TargetError> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    const std::optional<Bytes> byte = text.size() < 3 ? std::nullopt : from_hex(text.substr(1, 2));
    if (!byte) return fail(TargetError::kBadEscape);
    decoded.append(as_text(*byte));
    text.remove_prefix(3);
  }
  if (!is_utf8(decoded)) return fail(TargetError::kNotUtf8);
  return decoded;
}

// Takes what stands before `separator` (all, where there is none) off the front of `text`.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

Expected<void, TargetError> parse_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    std::string_view field = take_until(text, '&');
    if (field.empty()) continue;
    if (target.query.size() == kTargetPartsMax) return fail(TargetError::kTooManyParts);
    Expected<std::string, TargetError> key = percent_decode(take_until(field, '='));
    if (!key) return fail(key.error());
    Expected<std::string, TargetError> value = percent_decode(field);
    if (!value) return fail(value.error());
    if (!target.query.emplace(std::move(*key), std::move(*value)).second) return fail(TargetError::kRepeatedField);
  }
  return {};
}

}  // namespace

std::string_view to_string(TargetError error) {
  switch (error) {
    case TargetError::kNotAbsolute: return "the path does not begin with '/'";
    case TargetError::kEmptyPart: return "the path has an empty part";
    case TargetError::kBadEscape: return "a '%' is not followed by two hexadecimal digits";
    case TargetError::kNotUtf8: return "the path or a value is not UTF-8";
    case TargetError::kTooManyParts: return "there are too many parts or fields";
    case TargetError::kRepeatedField: return "a field comes twice";
  }
  return "the path is wrong";
}

Expected<Target, TargetError> parse_target(std::string_view text) {
  if (text.empty() || text.front() != '/') return fail(TargetError::kNotAbsolute);
  std::string_view path = take_until(text, '?');
  Target target;
  if (const Expected<void, TargetError> query = parse_query(text, target); !query) return fail(query.error());
  path.remove_prefix(1);
  const bool ends_with_slash = path.ends_with('/');
  while (!path.empty()) {
    if (target.parts.size() == kTargetPartsMax) return fail(TargetError::kTooManyParts);
    Expected<std::string, TargetError> part = percent_decode(take_until(path, '/'));
    if (!part) return fail(part.error());
    if (part->empty()) return fail(TargetError::kEmptyPart);
    target.parts.push_back(std::move(*part));
  }
  if (ends_with_slash) return fail(TargetError::kEmptyPart);
  return target;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded.push_back(c);
    } else {
      fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<std::uint8_t>(c));
    }
  }
  return encoded;
}

}  // namespace essaim::api
