#include "storage/directory.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "storage/open_beneath.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
using test::TempDir;
namespace fs = std::filesystem;

SafePath safe(std::string_view text) { return SafePath::parse(text).value(); }

class DirectoryTest : public ::testing::Test {
 protected:
  TempDir temp_;
  TempDir outside_;
  Directory directory_ = Directory::open(temp_.text()).value();
};

TEST_F(DirectoryTest, ReadsWhatItWrote) {
  ASSERT_TRUE(directory_.make_directories(safe("a/b/c")).has_value());
  const auto file = directory_.create_file(safe("a/b/c/file"));
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->write_all_at(3, as_bytes("abc")).has_value());
  const auto opened = directory_.open_file_for_read(safe("a/b/c/file"));
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->stat.size, 6U);
  Bytes bytes(3);
  ASSERT_TRUE(opened->handle.read_exactly_at(3, bytes).has_value());
  EXPECT_EQ(as_text(bytes), "abc");
}

TEST_F(DirectoryTest, NeverReplacesAFileByCreatingOne) {
  test::write_file(temp_ / "file", "old");
  EXPECT_EQ(directory_.create_file(safe("file")).error().kind, Kind::kExists);
  EXPECT_EQ(test::read_file(temp_ / "file"), "old");
}

TEST_F(DirectoryTest, NewFilesArePrivate) {
  ASSERT_TRUE(directory_.create_file(safe("file")).has_value());
  struct ::stat raw{};
  ASSERT_EQ(::stat((temp_ / "file").c_str(), &raw), 0);
  EXPECT_EQ(raw.st_mode & 0777U, 0600U);
}

TEST_F(DirectoryTest, ReadingPastTheEndIsAChange) {
  test::write_file(temp_ / "file", "short");
  const auto opened = directory_.open_file_for_read(safe("file"));
  ASSERT_TRUE(opened.has_value());
  Bytes bytes(6);
  EXPECT_EQ(opened->handle.read_exactly_at(0, bytes).error().kind, Kind::kChanged);
}

// Every call that takes a path, against a link on the way and a link at the end.
TEST_F(DirectoryTest, NoCallFollowsALinkOutOfTheFolder) {
  test::write_file(outside_ / "secret", "secret");
  fs::create_directory(outside_ / "folder");
  fs::create_directory_symlink(outside_.path(), temp_ / "way");
  fs::create_symlink(outside_ / "secret", temp_ / "end");
  test::write_file(temp_ / "mine", "mine");
  const SafePath through = safe("way/secret");
  const SafePath fresh = safe("way/new");

  EXPECT_EQ(directory_.open_file_for_read(through).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.open_file_for_read(safe("end")).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.open_file_for_write(through).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.open_file_for_write(safe("end")).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.create_file(fresh).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.create_file(safe("end")).error().kind, Kind::kExists);
  EXPECT_EQ(directory_.open_directory(safe("way/folder")).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.open_directory(safe("way")).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.make_directory(fresh).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.make_directories(safe("way/new/more")).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.stat_entry(through).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.read_link(through).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.make_symlink(fresh, "x").error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.rename_no_replace({.from = safe("mine"), .to = fresh}).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.rename_no_replace({.from = through, .to = safe("got")}).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.rename_over({.from = safe("mine"), .to = through}).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.remove(through).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.remove_tree(safe("way/folder")).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.remove_tree(safe("way")).error().kind, Kind::kOutside);
  EXPECT_EQ(directory_.set_mtime(through, UnixNanos{0}).error().kind, Kind::kOutside);

  EXPECT_EQ(directory_.stat_entry(safe("end"))->kind, FileKind::kSymlink);
  EXPECT_EQ(test::read_file(outside_ / "secret"), "secret");
  EXPECT_FALSE(fs::exists(outside_ / "new"));
  EXPECT_TRUE(fs::exists(outside_ / "folder"));
}

TEST_F(DirectoryTest, OpensBelowWithoutOpenat2Alike) {
  test::write_file(temp_ / "a/b/file", "inside");
  fs::create_directory_symlink(outside_.path(), temp_ / "a/way");
  test::write_file(outside_ / "secret", "secret");
  const OpenHow read{.flags = O_RDONLY, .mode = 0};
  EXPECT_TRUE(open_by_parts(directory_.fd(), safe("a/b/file"), read).has_value());
  EXPECT_EQ(open_by_parts(directory_.fd(), safe("a/way/secret"), read).error().kind, Kind::kOutside);
  fs::create_symlink(outside_ / "secret", temp_ / "a/end");
  EXPECT_EQ(open_by_parts(directory_.fd(), safe("a/end"), read).error().kind, Kind::kOutside);
  EXPECT_EQ(open_by_parts(directory_.fd(), safe("a/none/file"), read).error().kind, Kind::kNotFound);
  EXPECT_EQ(open_by_parts(directory_.fd(), safe("a/b/file/x"), read).error().kind, Kind::kNotDirectory);
}

TEST_F(DirectoryTest, ServesRegularFilesOnlyAndNeverWaits) {
  ASSERT_EQ(::mkfifo((temp_ / "pipe").c_str(), 0600), 0);
  fs::create_directory(temp_ / "folder");
  EXPECT_EQ(directory_.open_file_for_read(safe("pipe")).error().kind, Kind::kNotRegular);
  EXPECT_EQ(directory_.open_file_for_read(safe("folder")).error().kind, Kind::kNotRegular);
  EXPECT_EQ(directory_.open_file_for_read(safe("none")).error().kind, Kind::kNotFound);
}

TEST_F(DirectoryTest, DoesNotWriteIntoAFileThatHasASecondName) {
  test::write_file(outside_ / "theirs", "theirs");
  fs::create_hard_link(outside_ / "theirs", temp_ / "name");
  EXPECT_EQ(directory_.open_file_for_write(safe("name")).error().kind, Kind::kNotRegular);
}

TEST_F(DirectoryTest, RenamesOnlyToANameThatIsFree) {
  test::write_file(temp_ / "from", "new");
  test::write_file(temp_ / "taken", "old");
  EXPECT_EQ(directory_.rename_no_replace({.from = safe("from"), .to = safe("taken")}).error().kind, Kind::kExists);
  EXPECT_EQ(test::read_file(temp_ / "taken"), "old");
  EXPECT_TRUE(directory_.rename_no_replace({.from = safe("from"), .to = safe("free")}).has_value());
  EXPECT_EQ(test::read_file(temp_ / "free"), "new");
}

TEST_F(DirectoryTest, RemovesATreeButNothingThatItsLinksLeadTo) {
  test::write_file(outside_ / "kept", "kept");
  test::write_file(temp_ / "tree/a/b/file", "x");
  test::write_file(temp_ / "tree/\xFF\x01 odd", "a name that no SafePath has");
  fs::create_directory_symlink(outside_.path(), temp_ / "tree/a/link");
  ASSERT_TRUE(directory_.remove_tree(safe("tree")).has_value());
  EXPECT_FALSE(fs::exists(temp_ / "tree"));
  EXPECT_TRUE(fs::exists(outside_ / "kept"));
}

TEST_F(DirectoryTest, RemovesTreesUpToItsDepthLimitOnly) {
  const auto chain = [](std::size_t levels) {
    std::string path = "0";
    for (std::size_t i = 1; i < levels; ++i) path += "/" + std::to_string(i);
    return path;
  };
  fs::create_directories(temp_ / chain(kRemoveDepthMax));
  EXPECT_TRUE(directory_.remove_tree(safe("0")).has_value());
  fs::create_directories(temp_ / chain(kRemoveDepthMax + 1));
  EXPECT_EQ(directory_.remove_tree(safe("0")).error().kind, Kind::kTooLarge);
}

TEST_F(DirectoryTest, ListsNamesAsTheDiskHasThem) {
  for (const char* name : {"plain", "\xE2\x82\xAC euro", "e\xCC\x81", "\xC3\xA9", "\xFF not utf8"}) {
    test::write_file(temp_ / name, "x");
  }
  fs::create_symlink("plain", temp_ / "link");
  const auto entries = directory_.list();
  ASSERT_TRUE(entries.has_value());
  EXPECT_EQ(entries->size(), 6U);
  const auto link = std::ranges::find(*entries, "link", &DirectoryEntry::name);
  ASSERT_NE(link, entries->end());
  EXPECT_EQ(link->kind, FileKind::kSymlink);
  EXPECT_EQ(directory_.list()->size(), 6U) << "a second listing starts at the beginning";
}

TEST_F(DirectoryTest, KeepsTimesBefore1970AndToTheNanosecond) {
  test::write_file(temp_ / "file", "x");
  for (const std::int64_t nanos : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{1'700'000'000'123'456'789}}) {
    ASSERT_TRUE(directory_.set_mtime(safe("file"), UnixNanos{nanos}).has_value());
    EXPECT_EQ(directory_.stat_entry(safe("file"))->mtime, UnixNanos{nanos});
  }
}

// Somebody swaps a folder for a link that leads out, again and again, while we work in it.
TEST_F(DirectoryTest, IsNotLedOutByAFolderThatBecomesALink) {
  fs::create_directory(outside_ / "folder");
  test::write_file(outside_ / "folder/victim", "victim");
  fs::create_directory(temp_ / "folder");
  fs::create_directory_symlink(outside_ / "folder", temp_ / "other");
  std::atomic<bool> over = false;
  std::atomic<int> swaps = 0;
  std::thread attacker([&] {
    while (!over) {
      ::renameat2(AT_FDCWD, (temp_ / "folder").c_str(), AT_FDCWD, (temp_ / "other").c_str(), RENAME_EXCHANGE);
      ++swaps;
    }
  });
  for (int i = 0; i < 300 || swaps < 100; ++i) {
    const SafePath path = safe("folder/mine" + std::to_string(i));
    (void)directory_.create_file(path);
    (void)directory_.rename_no_replace({.from = path, .to = safe("folder/moved")});
    (void)directory_.remove(safe("folder/moved"));
    (void)directory_.remove(safe("folder/victim"));
    (void)directory_.make_directories(safe("folder/deep/er"));
    (void)directory_.make_symlink(safe("folder/deep/link"), "target");
    (void)directory_.remove_tree(safe("folder/deep"));
    (void)directory_.set_mtime(safe("folder/victim"), UnixNanos{0});
  }
  over = true;
  attacker.join();
  std::size_t left = 0;
  for ([[maybe_unused]] const auto& entry : fs::recursive_directory_iterator(outside_.path())) ++left;
  EXPECT_EQ(left, 2U);
  EXPECT_EQ(test::read_file(outside_ / "folder/victim"), "victim");
}

}  // namespace
}  // namespace essaim::storage
