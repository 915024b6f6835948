#include <algorithm>
#include <cstddef>

#include <openssl/evp.h>

#include "base/assert.hpp"
#include "wire/base64.hpp"

namespace essaim::wire {
namespace {

// OpenSSL counts in int.
constexpr std::size_t kCharsMax = std::size_t{1} << 30U;
constexpr std::size_t kBytesMax = kCharsMax / 4 * 3;

bool is_digit_of_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

}  // namespace

std::string to_base64(ByteView bytes) {
  ASSERT(bytes.size() <= kBytesMax);
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  // EVP_EncodeBlock writes a NUL after its text; std::string has room for exactly that one.
  auto* out = reinterpret_cast<unsigned char*>(text.data());
  EVP_EncodeBlock(out, bytes.data(), static_cast<int>(bytes.size()));
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > kCharsMax) return std::nullopt;
  if (text.empty()) return Bytes();
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // Checked here, because EVP_DecodeBlock skips white space at both ends.
  const std::string_view digits = text.substr(0, text.size() - padding);
  if (!std::ranges::all_of(digits, is_digit_of_base64)) return std::nullopt;
  Bytes bytes(text.size() / 4 * 3);
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DecodeBlock(bytes.data(), in, static_cast<int>(text.size())) != static_cast<int>(bytes.size())) {
    return std::nullopt;
  }
  const std::size_t length = bytes.size() - padding;
  const bool stray_bits = std::any_of(bytes.begin() + static_cast<std::ptrdiff_t>(length), bytes.end(),
                                      [](std::uint8_t byte) { return byte != 0; });
  if (stray_bits) return std::nullopt;
  bytes.resize(length);
  return bytes;
}

}  // namespace essaim::wire
