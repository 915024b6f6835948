#include "cli/paths.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::cli {
namespace {

namespace fs = std::filesystem;

TEST(Paths, AreTakenAgainstTheWorkingFolder) {
  const test::TempDir dir;
  const std::string here = fs::canonical(dir.path()).string();
  fs::create_directories(dir / "a/b");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a", here + "/a"}, {"a/", here + "/a"},         {"./a//b", here + "/a/b"},          {".", here},
      {"a/..", here},     {"a/b/../c", here + "/a/c"}, {"new/thing", here + "/new/thing"}, {"/etc/hosts", "/etc/hosts"},
      {"/", "/"},
  };
  for (const auto& [path, absolute] : cases) EXPECT_EQ(absolute_path(path, here), absolute) << path;
}

TEST(Paths, KeepTheNameOfALink) {
  const test::TempDir dir;
  const std::string here = fs::canonical(dir.path()).string();
  fs::create_directories(dir / "disk/videos");
  fs::create_symlink("disk", dir / "way");
  fs::create_symlink("disk/videos", dir / "Videos");
  EXPECT_EQ(absolute_path("Videos", here), here + "/Videos");
  EXPECT_EQ(absolute_path("way/videos", here), here + "/disk/videos");
  EXPECT_EQ(absolute_path("Videos/..", here), here + "/disk");
}

TEST(Paths, ADestinationKeepsWhatSaysThatItIsAFolder) {
  const test::TempDir dir;
  const std::string here = fs::canonical(dir.path()).string();
  EXPECT_EQ(absolute_dest("out", here), here + "/out");
  EXPECT_EQ(absolute_dest("out/", here), here + "/out/");
  EXPECT_EQ(absolute_dest("/", here), "/");
}

}  // namespace
}  // namespace essaim::cli
