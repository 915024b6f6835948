#include "storage/share_comparison.hpp"

#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

FileRecord file(std::string path, std::uint64_t size = 10) {
  FileRecord record;
  record.path = std::move(path);
  record.size = size;
  record.inode = 1;
  record.content_id = ContentId{};
  return record;
}
FileRecord folder(std::string path, std::uint64_t size) {
  FileRecord record;
  record.path = std::move(path);
  record.kind = FileKind::kDirectory;
  record.size = size;
  record.inode = 1;
  return record;
}

// Compares a disk and a catalogue, both as lists in tree order, and writes down what is asked for.
std::vector<std::string> compare(const std::vector<FileRecord>& disk, std::deque<FileRecord> known) {
  std::vector<std::string> asked;
  ShareComparison comparison(
      {.next_known = [&]() -> Result<std::optional<FileRecord>> {
         if (known.empty()) return std::nullopt;
         FileRecord next = known.front();
         known.pop_front();
         return next;
       },
       .put =
           [&](const FileRecord& record) { asked.push_back("put " + record.path + " " + std::to_string(record.size)); },
       .hash = [&](const FileRecord& record) { asked.push_back("hash " + record.path); },
       .remove = [&](const std::string& path) { asked.push_back("remove " + path); }});
  for (const FileRecord& record : disk) {
    const FileStat stat{.size = record.size,
                        .mtime = record.mtime,
                        .inode = record.inode,
                        .device = 0,
                        .links = 1,
                        .executable = record.executable,
                        .kind = record.kind};
    EXPECT_TRUE(
        comparison.on_entry({.path = record.path, .stat = stat, .link_target = record.link_target}).has_value());
  }
  EXPECT_TRUE(comparison.finish().has_value());
  return asked;
}

using Asked = std::vector<std::string>;

TEST(ShareComparison, AsksForNothingWhenNothingChanged) {
  const std::vector<FileRecord> disk{folder("a", 30), folder("a/b", 20), file("a/b/x"),
                                     file("a/b/y"),   file("a/z"),       file("a-b")};
  EXPECT_EQ(compare(disk, {disk.begin(), disk.end()}), Asked{});
}

TEST(ShareComparison, TellsAFolderOnTheWayInAndItsSizeOnTheWayOut) {
  EXPECT_EQ(compare({folder("a", 0), folder("a/b", 0), file("a/b/x"), file("a/z"), file("c")}, {}),
            (Asked{"put a 0", "put a/b 0", "hash a/b/x", "put a/b 10", "hash a/z", "put a 20", "hash c"}));
}

TEST(ShareComparison, HashesWhatChangedInAnyWayThatShows) {
  const FileRecord known = file("f");
  FileRecord other_size = known;
  other_size.size = 11;
  FileRecord other_time = known;
  other_time.mtime = UnixNanos{1};
  FileRecord other_inode = known;
  other_inode.inode = 2;
  FileRecord other_mode = known;
  other_mode.executable = true;
  for (const FileRecord& seen : {other_size, other_time, other_inode, other_mode}) {
    EXPECT_EQ(compare({seen}, {known}), Asked{"hash f"});
  }
  FileRecord unhashed = known;
  unhashed.content_id.reset();
  EXPECT_EQ(compare({known}, {unhashed}), Asked{"hash f"});
}

TEST(ShareComparison, RemovesWhatIsGoneWhereverItStood) {
  EXPECT_EQ(compare({file("m")}, {file("a"), folder("b", 10), file("b/x"), file("m"), file("z")}),
            (Asked{"remove a", "remove b", "remove b/x", "remove z"}));
  EXPECT_EQ(compare({}, {file("a"), file("b")}), (Asked{"remove a", "remove b"}));
}

TEST(ShareComparison, CountsAChangedFileIntoEveryFolderAboveIt) {
  EXPECT_EQ(compare({folder("a", 0), folder("a/b", 0), file("a/b/x", 7)},
                    {folder("a", 10), folder("a/b", 10), file("a/b/x", 10)}),
            (Asked{"hash a/b/x", "put a/b 7", "put a 7"}));
}

TEST(ShareComparison, SeesAFileBecomeAFolderAndBack) {
  EXPECT_EQ(compare({folder("a", 0), file("a/x")}, {file("a")}), (Asked{"put a 0", "hash a/x", "put a 10"}));
  EXPECT_EQ(compare({file("a")}, {folder("a", 10), file("a/x")}), (Asked{"hash a", "remove a/x"}));
}

TEST(ShareComparison, PutsALinkOnlyWhenItChanged) {
  FileRecord link;
  link.path = "l";
  link.kind = FileKind::kSymlink;
  link.link_target = "a";
  FileRecord other = link;
  other.link_target = "b";
  EXPECT_EQ(compare({link}, {link}), Asked{});
  EXPECT_EQ(compare({link}, {other}), Asked{"put l 0"});
}

TEST(ShareComparison, HandsOnAnErrorOfTheCatalogue) {
  ShareComparison comparison(
      {.next_known = []() -> Result<std::optional<FileRecord>> { return fail_kind(Kind::kCorrupt, ""); },
       .put = [](const FileRecord&) {},
       .hash = [](const FileRecord&) {},
       .remove = [](const std::string&) { ADD_FAILURE() << "nothing is known to be gone"; }});
  EXPECT_EQ(comparison.finish().error().kind, Kind::kCorrupt);
}

}  // namespace
}  // namespace essaim::storage
