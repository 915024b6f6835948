#include "api/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace essaim::api {
namespace {

constexpr std::string_view kUnit = "bytes=";

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Of digits; what is too large is as large as can be.
std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() ? number : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

RangeAnswer resolve_range(std::string_view header, std::uint64_t size) {
  using Kind = RangeAnswer::Kind;
  const RangeAnswer whole{Kind::kWhole, {0, size}};
  const RangeAnswer nothing{Kind::kUnsatisfiable, {}};
  if (!header.starts_with(kUnit)) return whole;
  header.remove_prefix(kUnit.size());
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos) return whole;
  const std::string_view from = header.substr(0, dash);
  const std::string_view to = header.substr(dash + 1);
  if (from.empty()) {
    if (!is_number(to)) return whole;
    const std::uint64_t last = std::min(number_of(to), size);
    return last == 0 ? nothing : RangeAnswer{Kind::kPart, {size - last, last}};
  }
  if (!is_number(from) || (!to.empty() && !is_number(to))) return whole;
  const std::uint64_t first = number_of(from);
  if (!to.empty() && number_of(to) < first) return whole;
  if (first >= size) return nothing;
  const std::uint64_t last = to.empty() ? size - 1 : std::min(number_of(to), size - 1);
  return {Kind::kPart, {first, last - first + 1}};
}

}  // namespace essaim::api
