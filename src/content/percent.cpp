#include "content/percent.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace essaim::content {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

bool is_query_character(char c) {
  return is_unreserved(c) || std::string_view("!$&'()*+,;=:@/?").find(c) != std::string_view::npos;
}

}  // namespace

std::string percent_encode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<std::uint8_t>(c));
    }
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const std::optional<Bytes> byte = from_hex(text.substr(i + 1, 2));
      if (!byte || byte->size() != 1) return std::nullopt;
      decoded += static_cast<char>(byte->front());
      i += 2;
    } else if (is_query_character(text[i])) {
      decoded += text[i];
    } else {
      return std::nullopt;
    }
  }
  return decoded;
}

}  // namespace essaim::content
