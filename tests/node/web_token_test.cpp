#include "node/web_token.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::node {
namespace {

namespace fs = std::filesystem;

TEST(WebToken, IsMadeOnceAndForItsOwnerOnly) {
  const test::TempDir home;
  EXPECT_EQ(web_token(home.text(), "first-secret"), "first-secret");
  EXPECT_EQ(web_token(home.text(), "other-secret"), "first-secret");
  EXPECT_EQ(fs::status(home / "web.token").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(WebToken, IsRefusedWhereOthersCanReadItOrItIsCut) {
  const test::TempDir home;
  ASSERT_TRUE(web_token(home.text(), "first-secret"));
  fs::permissions(home / "web.token", fs::perms::owner_read | fs::perms::group_read);
  const auto open = web_token(home.text(), "x");
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().message.find("Remove it"), std::string::npos);
  fs::remove(home / "web.token");
  test::write_file(home / "web.token", "short\n");
  fs::permissions(home / "web.token", fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(web_token(home.text(), "first-secret"));
}

}  // namespace
}  // namespace essaim::node
