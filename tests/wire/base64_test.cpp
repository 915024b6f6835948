#include "wire/base64.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace essaim::wire {
namespace {

TEST(Base64, AgreesWithRfc4648) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xFB\xFF\xFE", "+//+"},
  };
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), text);
    const auto bytes = from_base64(text);
    ASSERT_TRUE(bytes.has_value()) << text;
    EXPECT_EQ(as_text(*bytes), plain);
  }
}

TEST(Base64, RefusesEverythingElse) {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zm9vY", "Zm9v\n", "Zm9v    ", "    Zm9v", "Zm 9", "Zg==Zg==",
                                      "Z===", "====", "=Zg=", "Zg=A", "Zh==", "Zm9=", "Zm-_", "Zm9v----", "Zm\0v"}) {
    EXPECT_FALSE(from_base64(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace essaim::wire
