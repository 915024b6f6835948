#include "storage/rename.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/directory.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
namespace fs = std::filesystem;

using RenameCall = Result<void> (*)(const NamePair&);

// Both ways keep the same promises.
class RenameTest : public ::testing::TestWithParam<RenameCall> {
 protected:
  Result<void> rename(const std::string& from, const std::string& to) {
    return GetParam()({.from = {directory_.fd(), from}, .to = {directory_.fd(), to}});
  }
  test::TempDir temp_;
  Directory directory_ = Directory::open(temp_.text()).value();
};

TEST_P(RenameTest, MovesFilesFoldersAndLinks) {
  test::write_file(temp_ / "file", "x");
  test::write_file(temp_ / "folder/inside", "y");
  fs::create_symlink("nowhere", temp_ / "link");
  EXPECT_TRUE(rename("file", "file2").has_value());
  EXPECT_TRUE(rename("folder", "folder2").has_value());
  EXPECT_TRUE(rename("link", "link2").has_value());
  EXPECT_EQ(test::read_file(temp_ / "file2"), "x");
  EXPECT_EQ(test::read_file(temp_ / "folder2/inside"), "y");
  EXPECT_EQ(fs::read_symlink(temp_ / "link2"), "nowhere");
  EXPECT_FALSE(fs::exists(temp_ / "file"));
  EXPECT_FALSE(fs::exists(temp_ / "folder"));
}

TEST_P(RenameTest, LeavesWhatIsThere) {
  test::write_file(temp_ / "file", "new");
  test::write_file(temp_ / "folder/inside", "new");
  test::write_file(temp_ / "taken", "old");
  fs::create_directory(temp_ / "empty");
  fs::create_symlink("nowhere", temp_ / "dangling");
  for (const char* to : {"taken", "empty", "dangling"}) {
    EXPECT_EQ(rename("file", to).error().kind, Kind::kExists) << to;
    EXPECT_EQ(rename("folder", to).error().kind, Kind::kExists) << to;
  }
  EXPECT_EQ(test::read_file(temp_ / "taken"), "old");
  EXPECT_EQ(test::read_file(temp_ / "file"), "new");
  EXPECT_EQ(rename("missing", "free").error().kind, Kind::kNotFound);
}

TEST_P(RenameTest, GivesANameToOneOfManyThatWantIt) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 20; ++round) {
    const std::string to = "to" + std::to_string(round);
    std::vector<std::string> from;
    for (int i = 0; i < kThreads; ++i) {
      from.push_back(to + "-from" + std::to_string(i));
      test::write_file(temp_ / from.back(), from.back());
    }
    std::atomic<int> won = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] { won += rename(from[static_cast<std::size_t>(i)], to).has_value() ? 1 : 0; });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(won, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(BothWays, RenameTest, ::testing::Values(&rename_without_replacing, &rename_by_link));

}  // namespace
}  // namespace essaim::storage
