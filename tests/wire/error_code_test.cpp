#include "wire/error_code.hpp"

#include <set>

#include <gtest/gtest.h>

namespace essaim::wire {
namespace {

TEST(ErrorCode, HasOneTextEach) {
  std::set<std::string_view> texts;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kUnknown); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_EQ(error_code_from_text(to_text(code)), code);
    texts.insert(to_text(code));
  }
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(ErrorCode::kUnknown) + 1);
}

TEST(ErrorCode, IsUnknownWhenItIsNotOnTheList) {
  EXPECT_EQ(error_code_from_text(""), ErrorCode::kUnknown);
  EXPECT_EQ(error_code_from_text("BUSY"), ErrorCode::kUnknown);
}

}  // namespace
}  // namespace essaim::wire
