#include "access/proquint.hpp"

#include <string_view>

#include "access/peer_id.hpp"
#include "base/assert.hpp"
#include "base/text.hpp"

namespace essaim::access {
namespace {

constexpr std::string_view kConsonants = "bdfghjklmnprstvz";
constexpr std::string_view kVowels = "aiou";

void append_word(std::string& text, unsigned bits) {
  text += kConsonants[(bits >> 12U) & 0xFU];
  text += kVowels[(bits >> 10U) & 0x3U];
  text += kConsonants[(bits >> 6U) & 0xFU];
  text += kVowels[(bits >> 4U) & 0x3U];
  text += kConsonants[bits & 0xFU];
}

}  // namespace

std::string to_proquints(ByteView bytes) {
  ASSERT(bytes.size() % 2 == 0);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    if (i > 0) text += '-';
    append_word(text, (unsigned{bytes[i]} << 8U) | bytes[i + 1]);
  }
  return text;
}

std::string words_of(const PeerId& id) {
  if (!is_key_peer_id(id.text)) return {};
  const auto hash = from_base32(id.text);
  return hash ? to_proquints(*hash) : std::string();
}

}  // namespace essaim::access
