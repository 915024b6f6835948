#include "node/places.hpp"

#include <map>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::node {
namespace {

Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(Places, TheHomeIsTheFirstThatIsNamed) {
  const Environment all = environment({{"ESSAIM_HOME", "/e"}, {"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}});
  EXPECT_EQ(home_folder("/chosen/../c/", all), "/c");
  EXPECT_EQ(home_folder(std::nullopt, all), "/e");
  EXPECT_EQ(home_folder(std::nullopt, environment({{"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}})), "/x/essaim");
  EXPECT_EQ(home_folder(std::nullopt, environment({{"HOME", "/h"}})), "/h/.local/share/essaim");
  EXPECT_EQ(home_folder(std::nullopt, environment({})), std::nullopt);
}

TEST(Places, DownloadsGoWhereTheDesktopPutsThem) {
  const test::TempDir dir;
  const std::string home = dir.text();
  EXPECT_EQ(download_folder(environment({{"HOME", home}})), home + "/Downloads");
  EXPECT_EQ(download_folder(environment({{"HOME", home}, {"XDG_DOWNLOAD_DIR", "/d"}})), "/d");
  test::write_file(dir / ".config/user-dirs.dirs",
                   "# comment\nXDG_MUSIC_DIR=\"$HOME/M\"\nXDG_DOWNLOAD_DIR=\"$HOME/Empfangen\"\n");
  EXPECT_EQ(download_folder(environment({{"HOME", home}})), home + "/Empfangen");
  test::write_file(dir / "other/user-dirs.dirs", "XDG_DOWNLOAD_DIR=\"/data\"\n");
  EXPECT_EQ(download_folder(environment({{"HOME", home}, {"XDG_CONFIG_HOME", home + "/other"}})), "/data");
  test::write_file(dir / "other/user-dirs.dirs", "XDG_DOWNLOAD_DIR=\"relative\"\n");
  EXPECT_EQ(download_folder(environment({{"HOME", home}, {"XDG_CONFIG_HOME", home + "/other"}})), home + "/Downloads");
}

}  // namespace
}  // namespace essaim::node
