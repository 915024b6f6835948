#include "node/offline.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "content/link.hpp"
#include "content/tree.hpp"
#include "storage/scanner.hpp"
#include "storage/share_root.hpp"
#include "storage/tree_store.hpp"
#include "support/temp_dir.hpp"

namespace essaim::node {
namespace {

namespace fs = std::filesystem;

class Offline : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(home / "trees");
    for (const char* copy : {"mine", "theirs"}) {
      test::write_file(dir / copy / "tree/a.txt", "first");
      test::write_file(dir / copy / "tree/b/c.txt", "second");
      fs::create_symlink("b", dir / copy / "tree/link");
      age(copy);
    }
  }
  // The same times in both copies: they are part of what a folder's id names.
  void age(const std::string& copy) {
    const auto when = fs::file_time_type(std::chrono::hours(24));
    for (const auto& entry : fs::recursive_directory_iterator(dir / copy)) {
      if (!entry.is_symlink()) fs::last_write_time(entry.path(), when);
    }
  }
  ShareView hashed(const std::string& path) {
    const Outcome<ShareView> view = hash_path((dir / path).string(), {});
    if (!view) ADD_FAILURE() << view.error().message;
    return view.value_or(ShareView());
  }
  VerifyView verified(const std::string& path, const std::string& link) {
    const Outcome<VerifyView> view = verify_path({(dir / path).string(), link, home.text()}, {});
    if (!view) ADD_FAILURE() << view.error().message;
    return view.value_or(VerifyView());
  }

  // Puts the tree of a copy where a node keeps the documents of its downloads; answers its id.
  ContentId keep_tree(const std::string& path) {
    content::TreeBuilder builder;
    storage::ScanEvents events;
    events.on_entry = [&](const storage::ScannedEntry& entry) {
      content::TreeEntry record{.path = *SafePath::parse(entry.path), .mtime = entry.stat.mtime};
      if (entry.stat.kind == storage::FileKind::kDirectory) {
        record.kind = content::EntryKind::kFolder;
      } else if (entry.stat.kind == storage::FileKind::kSymlink) {
        record.kind = content::EntryKind::kSymlink;
        record.target = entry.link_target;
      } else {
        record.size = entry.stat.size;
        record.id = *hashed(path + "/" + std::string(entry.path)).id;
      }
      EXPECT_TRUE(builder.add(record));
    };
    events.on_skipped = [](const storage::SkippedEntry&) {};
    EXPECT_TRUE(storage::scan(*storage::ShareRoot::open((dir / path).string()), events, {}));
    const std::string document = std::move(builder).take();
    const ContentId id = *hashed(path).id;
    const auto trees = storage::Directory::open((home / "trees").string());
    EXPECT_TRUE(storage::TreeStore(*trees).put(id, as_bytes(document)));
    return id;
  }

  test::TempDir dir;
  test::TempDir home;
};

TEST_F(Offline, NamesAFile) {
  const ShareView view = hashed("mine/tree/a.txt");
  EXPECT_EQ(view.name, "a.txt");
  EXPECT_EQ(view.kind, EntryKind::kFile);
  EXPECT_EQ(view.size, 5U);
  const auto link = content::parse_link(view.link.value_or(""));
  ASSERT_TRUE(link);
  EXPECT_EQ(link->id, view.id);
  EXPECT_EQ(link->name, "a.txt");
  EXPECT_EQ(link->size, 5U);
}

TEST_F(Offline, NamesAFolderByAllThatIsInIt) {
  const ShareView view = hashed("mine/tree");
  EXPECT_EQ(view.kind, EntryKind::kTree);
  EXPECT_EQ(view.files, 2U);
  EXPECT_EQ(view.size, 11U);
  EXPECT_EQ(hashed("theirs/tree").link, view.link);
  test::write_file(dir / "theirs/tree/b/c.txt", "Second");
  age("theirs");
  EXPECT_NE(hashed("theirs/tree").id, view.id);
}

TEST_F(Offline, VerifiesACopy) {
  const std::string file = *hashed("mine/tree/a.txt").link;
  EXPECT_TRUE(verified("theirs/tree/a.txt", file).same);
  EXPECT_FALSE(verified("theirs/tree/a.txt", file).difference);
  test::write_file(dir / "theirs/tree/a.txt", "First");
  EXPECT_FALSE(verified("theirs/tree/a.txt", file).same);
  test::write_file(dir / "theirs/tree/a.txt", "firsts");
  EXPECT_EQ(verified("theirs/tree/a.txt", file).difference, "it has 6 bytes instead of 5");
  EXPECT_EQ(verified("theirs/tree", file).difference, "the link names a file, this is a folder");
  EXPECT_TRUE(verified("theirs/tree", *hashed("theirs/tree").link).same);
}

TEST_F(Offline, NamesTheFirstFileThatDiffersWhereTheTreeIsKnown) {
  const std::string link = *hashed("mine/tree").link;
  EXPECT_EQ(keep_tree("mine/tree"), hashed("mine/tree").id);
  const auto difference = [&] {
    age("theirs");
    return verified("theirs/tree", link).difference.value_or("none");
  };
  EXPECT_EQ(difference(), "none");
  test::write_file(dir / "theirs/tree/b/c.txt", "Second");
  EXPECT_EQ(difference(), "b/c.txt differs");
  test::write_file(dir / "theirs/tree/a.text", "more");
  EXPECT_EQ(difference(), "a.text is not part of it");
  fs::remove(dir / "theirs/tree/a.text");
  fs::remove(dir / "theirs/tree/a.txt");
  EXPECT_EQ(difference(), "a.txt is missing");
  test::write_file(dir / "theirs/tree/a.txt", "first");
  test::write_file(dir / "theirs/tree/b/c.txt", "second");
  EXPECT_EQ(difference(), "none");
  fs::remove(dir / "theirs/tree/link");
  EXPECT_EQ(difference(), "link is missing");
  fs::create_symlink("a.txt", dir / "theirs/tree/link");
  EXPECT_EQ(difference(), "link differs");
  fs::remove(dir / "theirs/tree/link");
  fs::create_symlink("b", dir / "theirs/tree/link");
  fs::permissions(dir / "theirs/tree/a.txt", fs::perms::owner_all);
  EXPECT_EQ(difference(), "a.txt has another time or mode");
}

TEST_F(Offline, SaysWhatIsLeftOut) {
  fs::create_symlink("/etc/passwd", dir / "mine/tree/out");
  const ShareView view = hashed("mine/tree");
  ASSERT_EQ(view.left_out.size(), 1U);
  EXPECT_TRUE(view.left_out.front().starts_with("out: ")) << view.left_out.front();
}

TEST_F(Offline, StopsWhenItIsToldTo) {
  const Outcome<ShareView> view = hash_path((dir / "mine/tree").string(), [](std::uint64_t) { return false; });
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, FailureCode::kInterrupted);
}

TEST_F(Offline, TellsHowFarItIs) {
  std::uint64_t read = 0;
  const auto progress = [&read](std::uint64_t bytes) {
    EXPECT_GT(bytes, read);
    read = bytes;
    return true;
  };
  EXPECT_TRUE(hash_path((dir / "mine/tree").string(), progress));
  EXPECT_EQ(read, 11U);
}

TEST_F(Offline, RefusesWhatIsNotThereAndWhatIsNoLink) {
  EXPECT_EQ(hash_path((dir / "missing").string(), {}).error().code, FailureCode::kNotFound);
  EXPECT_EQ(verify_path({(dir / "mine/tree").string(), "essaim:x", home.text()}, {}).error().code, FailureCode::kUsage);
}

}  // namespace
}  // namespace essaim::node
