#include "storage/tree_target.hpp"

#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "content/hash.hpp"
#include "storage/existing.hpp"
#include "storage/publish.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
namespace fs = std::filesystem;

SafePath safe(std::string_view text) { return SafePath::parse(text).value(); }

struct ::stat stat_of(const fs::path& path) {
  struct ::stat raw{};
  EXPECT_EQ(::lstat(path.c_str(), &raw), 0) << path;
  return raw;
}

class TreeTargetTest : public ::testing::Test {
 protected:
  Directory parent() { return Directory::open(temp_.text()).value(); }
  TreeTarget create(std::string_view name) { return TreeTarget::create(parent(), safe(name)).value(); }
  test::TempDir temp_;
};

TEST_F(TreeTargetTest, BuildsAWholeFolderUnderOneRename) {
  TreeTarget target = create("photos");
  TreeWriter writer = target.make_writer().value();
  ASSERT_TRUE(target.put_folder(safe("empty"), UnixNanos{2'000'000'000}).has_value());
  ASSERT_TRUE(target.put_folder(safe("a"), UnixNanos{3'000'000'000}).has_value());
  ASSERT_TRUE(target.put_folder(safe("a/b"), UnixNanos{4'000'000'000}).has_value());
  ASSERT_TRUE(
      writer.put_small_file(safe("a/b/run"), as_bytes("#!"), {.mtime = UnixNanos{5'000'000'000}, .executable = true})
          .has_value());
  auto large = writer.open_for_chunks(safe("a/large"), 6);
  ASSERT_TRUE(large.has_value());
  EXPECT_TRUE(large->fresh);
  ASSERT_TRUE(large->handle.write_all_at(0, as_bytes("abcdef")).has_value());
  ASSERT_TRUE(writer.finish_file(large->handle, {.mtime = UnixNanos{6'000'000'000}, .executable = false}).has_value());
  ASSERT_TRUE(target.put_symlink(safe("a/link"), "b/run").has_value());
  EXPECT_FALSE(fs::exists(temp_ / "photos"));
  EXPECT_EQ(stat_of(temp_ / ".photos.essaim-part").st_mode & 0777U, 0700U);

  EXPECT_EQ(target.finish().value(), "photos");
  EXPECT_FALSE(fs::exists(temp_ / ".photos.essaim-part"));
  EXPECT_EQ(test::read_file(temp_ / "photos/a/b/run"), "#!");
  EXPECT_EQ(test::read_file(temp_ / "photos/a/large"), "abcdef");
  EXPECT_EQ(fs::read_symlink(temp_ / "photos/a/link"), "b/run");
  EXPECT_TRUE(fs::is_empty(temp_ / "photos/empty"));
  const unsigned umask = process_umask();
  EXPECT_EQ(stat_of(temp_ / "photos").st_mode & 0777U, 0777U & ~umask);
  EXPECT_EQ(stat_of(temp_ / "photos/a/b/run").st_mode & 0777U, 0777U & ~umask);
  EXPECT_EQ(stat_of(temp_ / "photos/a/large").st_mode & 0777U, 0666U & ~umask);
  const std::pair<const char*, std::int64_t> times[] = {
      {"empty", 2}, {"a", 3}, {"a/b", 4}, {"a/b/run", 5}, {"a/large", 6}};
  for (const auto& [path, seconds] : times) {
    EXPECT_EQ(stat_of(temp_ / "photos" / path).st_mtim.tv_sec, seconds) << path;
  }
}

TEST_F(TreeTargetTest, NeverReplacesAFolderThatIsThere) {
  fs::create_directory(temp_ / "photos");
  EXPECT_EQ(create("photos").finish().value(), "photos (2)");
  EXPECT_EQ(create("photos").finish().value(), "photos (3)");
  EXPECT_TRUE(fs::is_empty(temp_ / "photos"));
}

TEST_F(TreeTargetTest, RefusesLinksThatLeadOut) {
  TreeTarget target = create("tree");
  for (const char* link : {"/etc/passwd", "../x", "..", ""}) {
    EXPECT_EQ(target.put_symlink(safe("link"), link).error().kind, Kind::kOutside) << link;
  }
  EXPECT_TRUE(target.put_symlink(safe("a/link"), "../x").has_value());
}

TEST_F(TreeTargetTest, NeverWritesThroughALinkThatSomebodyPutIntoTheStaging) {
  test::TempDir outside;
  test::write_file(outside / "file", "theirs");
  TreeTarget target = create("tree");
  TreeWriter writer = target.make_writer().value();
  fs::create_directory_symlink(outside.path(), temp_ / ".tree.essaim-part/way");
  fs::create_symlink(outside / "file", temp_ / ".tree.essaim-part/end");
  EXPECT_EQ(writer.put_small_file(safe("way/new"), as_bytes("x"), {}).error().kind, Kind::kOutside);
  EXPECT_EQ(writer.open_for_chunks(safe("way/new"), 1).error().kind, Kind::kOutside);
  EXPECT_EQ(writer.open_for_chunks(safe("end"), 6).error().kind, Kind::kOutside);
  EXPECT_TRUE(writer.put_small_file(safe("end"), as_bytes("ours"), {}).has_value()) << "the link itself is replaced";
  EXPECT_EQ(test::read_file(outside / "file"), "theirs");
  EXPECT_FALSE(fs::exists(outside / "new"));
}

TEST_F(TreeTargetTest, GoesOnWithWhatIsThere) {
  SafePath staging = safe("x");
  {
    TreeTarget target = create("tree");
    staging = target.staging_name();
    TreeWriter writer = target.make_writer().value();
    ASSERT_TRUE(writer.put_small_file(safe("a/small"), as_bytes("torn"), {}).has_value());
    const auto large = writer.open_for_chunks(safe("a/large"), 6).value();
    ASSERT_TRUE(large.handle.write_all_at(0, as_bytes("abc")).has_value());
  }
  TreeTarget target = TreeTarget::resume(parent(), safe("tree"), staging).value();
  TreeWriter writer = target.make_writer().value();
  const auto is_whole = [&](std::string_view content) {
    const Leaf leaf = content::leaf_of(as_bytes(content));
    const WantedContent wanted{.id = content::content_id_of(content.size(), {&leaf, 1}), .size = content.size()};
    return has_content(target.staging(), safe("a/small"), wanted, {}).value();
  };
  EXPECT_TRUE(is_whole("torn"));
  EXPECT_FALSE(is_whole("tOrn"));
  EXPECT_FALSE(is_whole("longer"));
  ASSERT_TRUE(writer.put_small_file(safe("a/small"), as_bytes("whole"), {}).has_value());
  const auto large = writer.open_for_chunks(safe("a/large"), 6).value();
  EXPECT_FALSE(large.fresh);
  ASSERT_TRUE(large.handle.write_all_at(3, as_bytes("def")).has_value());
  const auto other = writer.open_for_chunks(safe("a/small"), 9).value();
  EXPECT_TRUE(other.fresh) << "a file of another size is not of this content";
  ASSERT_TRUE(target.finish().has_value());
  EXPECT_EQ(test::read_file(temp_ / "tree/a/large"), "abcdef");
}

TEST_F(TreeTargetTest, FinishesOnceMoreAfterAFinishThatWasCutShort) {
  TreeTarget target = create("tree");
  fs::create_symlink("file", temp_ / ".tree.essaim-part/link");
  ASSERT_TRUE(target.put_symlink(safe("link"), "file").has_value());
  EXPECT_EQ(target.finish().value(), "tree");
}

TEST_F(TreeTargetTest, ManySmallFilesInManyFoldersFromSeveralWriters) {
  constexpr int kFiles = 600;
  TreeTarget target = create("tree");
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      TreeWriter writer = target.make_writer().value();
      for (int i = t; i < kFiles; i += 3) {
        const std::string path =
            "d" + std::to_string(i % (2 * static_cast<int>(kHeldFoldersMax))) + "/e/f" + std::to_string(i);
        EXPECT_TRUE(writer.put_small_file(safe(path), as_bytes(path), {}).has_value()) << path;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_TRUE(target.finish().has_value());
  int right = 0;
  for (const auto& entry : fs::recursive_directory_iterator(temp_ / "tree")) {
    if (entry.is_regular_file()) right += test::read_file(entry) == fs::relative(entry, temp_ / "tree") ? 1 : 0;
  }
  EXPECT_EQ(right, kFiles);
}

TEST_F(TreeTargetTest, DiscardsAllOfIt) {
  TreeTarget target = create("tree");
  ASSERT_TRUE(target.make_writer().value().put_small_file(safe("a/b"), as_bytes("x"), {}).has_value());
  ASSERT_TRUE(target.discard().has_value());
  EXPECT_TRUE(fs::is_empty(temp_.path()));
}

}  // namespace
}  // namespace essaim::storage
