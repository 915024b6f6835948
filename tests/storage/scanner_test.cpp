#include "storage/scanner.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "content/tree_entry.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
namespace fs = std::filesystem;

struct Found {
  std::vector<std::string> paths;
  std::map<std::string, FileKind> kinds;
  std::map<std::string, std::string> targets;
  std::map<std::string, SkipReason> skipped;
  Result<void> result;
};

Found scan_all(const std::string& path, const std::stop_token& stop = {},
               std::uint32_t entries_max = content::kTreeEntriesMax) {
  Found found;
  const auto on_entry = [&](const ScannedEntry& entry) {
    found.paths.emplace_back(entry.path);
    found.kinds[std::string(entry.path)] = entry.stat.kind;
    found.targets[std::string(entry.path)] = entry.link_target;
  };
  const auto on_skipped = [&](const SkippedEntry& entry) { found.skipped[entry.path] = entry.reason; };
  const ShareRoot root = ShareRoot::open(path).value();
  found.result = scan(root, {.on_entry = on_entry, .on_skipped = on_skipped, .entries_max = entries_max}, stop);
  return found;
}

TEST(Scanner, FindsAllInTreeOrder) {
  const test::TempDir temp;
  for (const char* path : {"a/z", "a/b/c", "a-b", "a b", "B", "\xC3\xA9t\xC3\xA9/\xF0\x9F\x98\x80"}) {
    test::write_file(temp / path, path);
  }
  fs::create_directory(temp / "empty");
  fs::create_symlink("a/z", temp / "link");
  const Found found = scan_all(temp.text());
  ASSERT_TRUE(found.result.has_value());
  const std::vector<std::string> expected{"B",
                                          "a",
                                          "a/b",
                                          "a/b/c",
                                          "a/z",
                                          "a b",
                                          "a-b",
                                          "empty",
                                          "link",
                                          "\xC3\xA9t\xC3\xA9",
                                          "\xC3\xA9t\xC3\xA9/\xF0\x9F\x98\x80"};
  EXPECT_EQ(std::multiset(found.paths.begin(), found.paths.end()), std::multiset(expected.begin(), expected.end()));
  EXPECT_TRUE(std::ranges::is_sorted(found.paths, [](const std::string& left, const std::string& right) {
    return content::tree_order(SafePath::parse(left).value(), SafePath::parse(right).value()) < 0;
  }));
  EXPECT_EQ(found.kinds.at("empty"), FileKind::kDirectory);
  EXPECT_EQ(found.kinds.at("link"), FileKind::kSymlink);
  EXPECT_EQ(found.targets.at("link"), "a/z");
  EXPECT_TRUE(found.skipped.empty());
}

TEST(Scanner, SaysWhatItLeavesOut) {
  const test::TempDir temp;
  test::write_file(temp / "good", "x");
  test::write_file(temp / "bad\nname", "x");
  test::write_file(temp / "not\xFFutf8", "x");
  ASSERT_EQ(::mkfifo((temp / "pipe").c_str(), 0600), 0);
  fs::create_symlink("/etc/passwd", temp / "absolute");
  fs::create_symlink("../x", temp / "up");
  const Found found = scan_all(temp.text());
  EXPECT_EQ(found.paths, std::vector<std::string>{"good"});
  const std::map<std::string, SkipReason> expected{{"bad\nname", SkipReason::kName},
                                                   {"not\xFFutf8", SkipReason::kName},
                                                   {"pipe", SkipReason::kNotRegular},
                                                   {"absolute", SkipReason::kLinkTarget},
                                                   {"up", SkipReason::kLinkTarget}};
  EXPECT_EQ(found.skipped, expected);
}

TEST(Scanner, LeavesOutAFolderThatItMayNotRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const test::TempDir temp;
  test::write_file(temp / "closed/file", "x");
  fs::permissions(temp / "closed", fs::perms::none);
  const Found found = scan_all(temp.text());
  fs::permissions(temp / "closed", fs::perms::owner_all);
  EXPECT_EQ(found.skipped.at("closed"), SkipReason::kUnreadable);
  EXPECT_TRUE(found.paths.empty());
}

TEST(Scanner, PassesOverOurOwnPartFiles) {
  const test::TempDir temp;
  test::write_file(temp / ".talk.mp4.essaim-part", "x");
  test::write_file(temp / ".tree.essaim-part/inside", "x");
  test::write_file(temp / "essaim-part", "x");
  const Found found = scan_all(temp.text());
  EXPECT_EQ(found.paths, std::vector<std::string>{"essaim-part"});
  EXPECT_TRUE(found.skipped.empty());
}

TEST(Scanner, NeverFollowsALinkNotEvenInACircle) {
  const test::TempDir temp;
  test::write_file(temp / "a/file", "x");
  fs::create_directory_symlink("a", temp / "b");
  fs::create_directory_symlink(".", temp / "a/self");
  const Found found = scan_all(temp.text());
  EXPECT_EQ(found.paths, (std::vector<std::string>{"a", "a/file", "b"}));
}

TEST(Scanner, GoesAsDeepAsAPathMay) {
  const test::TempDir temp;
  std::string path = "0";
  for (std::size_t depth = 2; depth <= kPathDepthMax + 1; ++depth) path += "/" + std::to_string(depth);
  fs::create_directories(temp / path);
  const Found found = scan_all(temp.text());
  EXPECT_EQ(found.paths.size(), kPathDepthMax);
  EXPECT_EQ(found.skipped.size(), 1U);
  EXPECT_EQ(found.skipped.at(path), SkipReason::kName);
}

TEST(Scanner, LooksAtTheOneFileOfASingleFileShare) {
  const test::TempDir temp;
  test::write_file(temp / "one", "x");
  test::write_file(temp / "two", "x");
  const Found found = scan_all((temp / "one").string());
  EXPECT_EQ(found.paths, std::vector<std::string>{""});
}

TEST(Scanner, TakesAsManyEntriesAsItMay) {
  const test::TempDir temp;
  for (const char* path : {"a", "b/c", "d"}) test::write_file(temp / path, "x");
  for (const std::uint32_t entries_max : {3U, 4U, 5U}) {
    const Found found = scan_all(temp.text(), {}, entries_max);
    EXPECT_EQ(found.paths.size(), std::min(entries_max, 4U));
    EXPECT_EQ(found.skipped.contains("d"), entries_max < 4);
  }
}

TEST(Scanner, StopsWhenAsked) {
  const test::TempDir temp;
  test::write_file(temp / "file", "x");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(scan_all(temp.text(), stop.get_token()).result.error().kind, Kind::kCancelled);
}

TEST(ShareRoot, FollowsThePathThatAPersonGaveAndNoOther) {
  const test::TempDir temp;
  test::write_file(temp / "real/file", "x");
  fs::create_directory_symlink("real", temp / "link");
  EXPECT_EQ(ShareRoot::open((temp / "link").string())->kind(), ShareKind::kFolder);
  const ShareRoot file = ShareRoot::open((temp / "link/file").string()).value();
  EXPECT_EQ(file.kind(), ShareKind::kFile);
  EXPECT_EQ(file.locate("")->text(), "file");
  EXPECT_EQ(file.locate("other").error().kind, Kind::kNotFound);
  const ShareRoot folder = ShareRoot::open(temp.text()).value();
  EXPECT_EQ(folder.locate("a/b")->text(), "a/b");
  for (const char* path : {"", "../x", "/x", "a//b"}) EXPECT_FALSE(folder.locate(path).has_value()) << path;
  ASSERT_EQ(::mkfifo((temp / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(ShareRoot::open((temp / "pipe").string()).error().kind, Kind::kNotRegular);
  EXPECT_EQ(ShareRoot::open((temp / "none").string()).error().kind, Kind::kNotFound);
}

}  // namespace
}  // namespace essaim::storage
