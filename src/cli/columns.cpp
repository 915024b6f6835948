#include "cli/columns.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace essaim::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// The ranges that matter in names of people and files, after Unicode's EastAsianWidth.txt.
constexpr std::array kWide{Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},
                           Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},
                           Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
                           Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1FAFF}, Range{0x20000, 0x3FFFD}};
constexpr std::array kCombining{Range{0x0300, 0x036F}, Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF},
                                Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};

bool is_in(std::span<const Range> ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::size_t columns_of(char32_t c) {
  if (is_in(kCombining, c)) return 0;
  return is_in(kWide, c) ? 2 : 1;
}

// Takes one character of valid UTF-8 off the front of `text`.
char32_t take_character(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const std::size_t length = std::min<std::size_t>(text.size(), lead < 0x80   ? 1
                                                                : lead < 0xE0 ? 2
                                                                : lead < 0xF0 ? 3
                                                                              : 4);
  char32_t c = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) c = (c << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  text.remove_prefix(length);
  return c;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) columns += columns_of(take_character(text));
  return columns;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::string_view rest = text;
  std::size_t used = 1;  // for "…"
  std::size_t kept = 0;
  while (!rest.empty()) {
    used += columns_of(take_character(rest));
    if (used > columns) break;
    kept = text.size() - rest.size();
  }
  return std::string(text.substr(0, kept)) + "…";
}

std::string pad_right(std::string_view text, std::size_t columns) {
  const std::size_t used = columns_of(text);
  return std::string(text) + std::string(columns > used ? columns - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t columns) {
  const std::size_t used = columns_of(text);
  return std::string(columns > used ? columns - used : 0, ' ') + std::string(text);
}

}  // namespace essaim::cli
