#include "base/text.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace essaim {
namespace {

using namespace std::string_literals;

std::string bytes_text(const std::optional<Bytes>& bytes) { return bytes ? std::string(as_text(*bytes)) : "refused"; }

// RFC 4648, section 10, in our form: lower case, no padding.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kRfc4648{{{"", ""},
                                                                                 {"f", "my"},
                                                                                 {"fo", "mzxq"},
                                                                                 {"foo", "mzxw6"},
                                                                                 {"foob", "mzxw6yq"},
                                                                                 {"fooba", "mzxw6ytb"},
                                                                                 {"foobar", "mzxw6ytboi"}}};

TEST(Base32, AgreesWithTheVectorsOfItsStandardBothWays) {
  for (const auto& [plain, encoded] : kRfc4648) {
    EXPECT_EQ(to_base32(as_bytes(plain)), encoded);
    EXPECT_EQ(bytes_text(from_base32(encoded)), plain);
  }
}

TEST(Base32, RefusesEverySecondTextOfTheSameBytes) {
  for (const std::string_view text : {"MY", "my======", "mz", "m1", "m0", "m8", "m y", "my\n"}) {
    EXPECT_FALSE(from_base32(text)) << text;
  }
}

TEST(Base32, RefusesLengthsThatNoByteStringHas) {
  for (const std::size_t length : {1U, 3U, 6U, 9U, 11U, 14U}) {
    EXPECT_FALSE(from_base32(std::string(length, 'a'))) << length;
  }
}

TEST(Base32, RoundTripsEveryByteAtEveryLength) {
  Bytes bytes;
  for (unsigned i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i * 7 + 3));
    EXPECT_EQ(from_base32(to_base32(bytes)), bytes);
  }
}

TEST(Hex, RoundTripsAndTakesEitherCase) {
  EXPECT_EQ(to_hex(as_bytes("\x00\x7f\xff"s)), "007fff");
  EXPECT_EQ(bytes_text(from_hex("007fFf")), "\x00\x7f\xff"s);
  EXPECT_EQ(bytes_text(from_hex("")), "");
}

TEST(Hex, RefusesHalfBytesAndForeignCharacters) {
  for (const std::string_view text : {"0", "000", "0g", "g0", " 0", "0x", "-1", "+1"}) {
    EXPECT_FALSE(from_hex(text)) << text;
  }
}

TEST(Utf8, TakesTheFirstAndLastCharacterOfEachLength) {
  for (const auto& text : {"\0"s, "\x7f"s, "\xc2\x80"s, "\xdf\xbf"s, "\xe0\xa0\x80"s, "\xed\x9f\xbf"s, "\xee\x80\x80"s,
                           "\xef\xbf\xbf"s, "\xf0\x90\x80\x80"s, "\xf4\x8f\xbf\xbf"s, ""s}) {
    EXPECT_TRUE(is_utf8(text)) << to_hex(as_bytes(text));
  }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesCutsAndStrayBytes) {
  for (const auto& text : {"\x80"s, "\xbf"s, "\xc0\x80"s, "\xc1\xbf"s, "\xe0\x9f\xbf"s, "\xed\xa0\x80"s,
                           "\xed\xbf\xbf"s, "\xf0\x8f\xbf\xbf"s, "\xf4\x90\x80\x80"s, "\xf5\x80\x80\x80"s, "\xff"s,
                           "\xc2"s, "\xe2\x82"s, "\xf0\x90\x80"s, "\xc2 "s, "a\xe2\x82 b"s}) {
    EXPECT_FALSE(is_utf8(text)) << to_hex(as_bytes(text));
  }
}

TEST(Printable, LeavesWhatPeopleWriteAsItIs) {
  for (const std::string_view text : {"", "plain text", "d\u00e9j\u00e0 vu", "\u4e2d\u6587", "\U0001f41d", "a\\b"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, WritesOutWhatATerminalOrALogCouldObey) {
  const std::array<std::pair<std::string, std::string>, 12> cases{{{"a\nb", "a\\u{a}b"},
                                                                   {"\x1b[2J", "\\u{1b}[2J"},
                                                                   {"\0"s, "\\u{0}"},
                                                                   {"\x7f", "\\u{7f}"},
                                                                   {"\u009b", "\\u{9b}"},
                                                                   {"\u202e", "\\u{202e}"},
                                                                   {"\u2066", "\\u{2066}"},
                                                                   {"\u200b", "\\u{200b}"},
                                                                   {"\u2028", "\\u{2028}"},
                                                                   {"\ufeff", "\\u{feff}"},
                                                                   {"\xff", "\\xff"},
                                                                   {"\xe2\x82", "\\xe2\\x82"}}};
  for (const auto& [text, shown] : cases) EXPECT_EQ(printable(text), shown);
}

TEST(Printable, GivesCleanTextForEveryTwoBytes) {
  for (unsigned i = 0; i < 65536; ++i) {
    const std::string shown = printable({std::string{static_cast<char>(i >> 8U), static_cast<char>(i & 255U)}});
    ASSERT_TRUE(is_utf8(shown)) << i;
    ASSERT_EQ(printable(shown), shown) << i;
  }
}

}  // namespace
}  // namespace essaim
