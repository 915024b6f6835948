#include "node/spdlog_log.hpp"

#include <gtest/gtest.h>

namespace essaim::node {
namespace {

TEST(SpdlogLog, MakesEveryEventOneLineThatNoTerminalObeys) {
  ::testing::internal::CaptureStderr();
  SpdlogLog log(LogLevel::kInfo);
  log.info("peer {}", "bob\x1b[2J\n2026 error: forged");
  log.debug("below the threshold");
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_TRUE(text.ends_with(" info: peer bob\\u{1b}[2J\\u{a}2026 error: forged\n")) << text;
  EXPECT_EQ(text.find("threshold"), std::string::npos);
}

TEST(SpdlogLog, WritesWhatIsGraveEnough) {
  const SpdlogLog log(LogLevel::kWarning);
  EXPECT_FALSE(log.wants(LogLevel::kInfo));
  EXPECT_TRUE(log.wants(LogLevel::kWarning));
  EXPECT_TRUE(log.wants(LogLevel::kError));
}

TEST(LogLevels, HaveTheirWords) {
  EXPECT_EQ(parse_log_level("debug"), LogLevel::kDebug);
  EXPECT_EQ(parse_log_level("error"), LogLevel::kError);
  EXPECT_FALSE(parse_log_level("loud"));
}

}  // namespace
}  // namespace essaim::node
