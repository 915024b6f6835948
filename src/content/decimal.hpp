// Decimal numbers in documents and links, where each number has one text.
#pragma once
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace essaim::content {

// Nothing for anything but the shortest decimal form of a number in range: no sign but '-', no "-0", no leading zero.
template <class Integer>
[[nodiscard]] std::optional<Integer> parse_decimal(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool zero = text == "0";
  if (digits.starts_with('0') && !zero) return std::nullopt;
  Integer value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace essaim::content
