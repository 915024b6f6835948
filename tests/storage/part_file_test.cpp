#include "storage/part_file.hpp"

#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/part_name.hpp"
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

class PartFileTest : public ::testing::Test {
 protected:
  Directory folder() { return Directory::open(temp_.text()).value(); }
  PartFile create(std::string_view name, std::uint64_t size) {
    return PartFile::create(folder(), {.name = safe(name), .size = size}).value();
  }
  // A whole download of `content`.
  std::string download(std::string_view name, std::string_view content) {
    PartFile part = create(name, content.size());
    EXPECT_TRUE(part.write_chunk_at(0, as_bytes(content)).has_value());
    return part.finish({.mtime = UnixNanos{0}, .executable = false}).value();
  }
  test::TempDir temp_;
};

TEST_F(PartFileTest, IsPrivateAndNotUnderItsNameUntilItIsWhole) {
  PartFile part = create("talk.mp4", 6);
  EXPECT_EQ(part.part_name().text(), ".talk.mp4.essaim-part");
  EXPECT_EQ(stat_of(temp_ / ".talk.mp4.essaim-part").st_mode & 0777U, 0600U);
  ASSERT_TRUE(part.write_chunk_at(3, as_bytes("def")).has_value());
  ASSERT_TRUE(part.write_chunk_at(0, as_bytes("abc")).has_value());
  ASSERT_TRUE(part.checkpoint().has_value());
  EXPECT_FALSE(fs::exists(temp_ / "talk.mp4"));

  const auto name = part.finish({.mtime = UnixNanos{1'000'000'000}, .executable = true});
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(*name, "talk.mp4");
  EXPECT_EQ(test::read_file(temp_ / "talk.mp4"), "abcdef");
  EXPECT_FALSE(fs::exists(temp_ / ".talk.mp4.essaim-part"));
  const auto stat = stat_of(temp_ / "talk.mp4");
  EXPECT_EQ(stat.st_mtim.tv_sec, 1);
  EXPECT_EQ(stat.st_mode & 0777U, 0777U & ~process_umask());
}

TEST_F(PartFileTest, NeverReplacesWhatIsThere) {
  test::write_file(temp_ / "talk.mp4", "mine");
  EXPECT_EQ(download("talk.mp4", "first"), "talk (2).mp4");
  EXPECT_EQ(download("talk.mp4", "second"), "talk (3).mp4");
  EXPECT_EQ(test::read_file(temp_ / "talk.mp4"), "mine");
  EXPECT_EQ(test::read_file(temp_ / "talk (2).mp4"), "first");
}

TEST_F(PartFileTest, TriesAsManyNamesAsItMay) {
  for (unsigned attempt = 1; attempt < kClashNamesMax; ++attempt) {
    test::write_file(temp_ / clash_name_of(safe("a"), attempt).text(), "");
  }
  EXPECT_EQ(download("a", "last"), "a (1000)");
  PartFile part = create("a", 0);
  EXPECT_EQ(part.finish({}).error().kind, Kind::kExists);
}

TEST_F(PartFileTest, LeavesALinkWithItsNameAlone) {
  fs::create_symlink("elsewhere", temp_ / "talk.mp4");
  EXPECT_EQ(download("talk.mp4", "bytes"), "talk (2).mp4");
  EXPECT_FALSE(fs::exists(temp_ / "elsewhere"));
}

TEST_F(PartFileTest, TwoDownloadsOfOneNameHavePartFilesOfTheirOwn) {
  PartFile first = create("a", 1);
  PartFile second = create("a", 1);
  EXPECT_NE(first.part_name(), second.part_name());
  EXPECT_TRUE(is_part_name(second.part_name().text()));
  EXPECT_TRUE(first.write_chunk_at(0, as_bytes("1")).has_value());
  EXPECT_TRUE(second.write_chunk_at(0, as_bytes("2")).has_value());
  EXPECT_EQ(second.finish({}).value(), "a");
  EXPECT_EQ(first.finish({}).value(), "a (2)");
  EXPECT_EQ(test::read_file(temp_ / "a (2)"), "1");
}

TEST_F(PartFileTest, GoesOnWhereItStopped) {
  SafePath part_name = safe("x");
  {
    PartFile part = create("file", 6);
    part_name = part.part_name();
    ASSERT_TRUE(part.write_chunk_at(0, as_bytes("abc")).has_value());
  }
  auto part = PartFile::resume(folder(), {.name = safe("file"), .size = 6}, part_name);
  ASSERT_TRUE(part.has_value());
  Bytes bytes(3);
  ASSERT_TRUE(part->read_at(0, bytes).has_value());
  EXPECT_EQ(as_text(bytes), "abc");
  ASSERT_TRUE(part->write_chunk_at(3, as_bytes("def")).has_value());
  ASSERT_TRUE(part->finish({}).has_value());
  EXPECT_EQ(test::read_file(temp_ / "file"), "abcdef");
}

TEST_F(PartFileTest, DoesNotGoOnWithAnotherFile) {
  const PartFile::Target target{.name = safe("file"), .size = 6};
  EXPECT_EQ(PartFile::resume(folder(), target, safe("gone")).error().kind, Kind::kNotFound);
  test::write_file(temp_ / "other", "12345");
  EXPECT_EQ(PartFile::resume(folder(), target, safe("other")).error().kind, Kind::kChanged);
  test::write_file(temp_ / "real", "123456");
  fs::create_symlink("real", temp_ / "link");
  EXPECT_EQ(PartFile::resume(folder(), target, safe("link")).error().kind, Kind::kOutside);
}

TEST_F(PartFileTest, KeepsZerosAsHolesAndClearsWhatWasThere) {
  constexpr std::uint64_t kSize = 64 * kMiB;
  PartFile part = create("zeros", kSize);
  const std::string dirt = test::noise(kMiB);
  ASSERT_TRUE(part.write_chunk_at(0, as_bytes(dirt)).has_value());
  const Bytes zeros(kMiB);
  for (std::uint64_t at = 0; at < kSize; at += kMiB) ASSERT_TRUE(part.write_chunk_at(at, zeros).has_value());
  Bytes back(kMiB, 1);
  ASSERT_TRUE(part.read_at(0, back).has_value());
  EXPECT_EQ(back, zeros);
  ASSERT_TRUE(part.finish({}).has_value());
  const auto stat = stat_of(temp_ / "zeros");
  EXPECT_EQ(static_cast<std::uint64_t>(stat.st_size), kSize);
  EXPECT_LT(static_cast<std::uint64_t>(stat.st_blocks) * 512, kSize / 8);
}

TEST_F(PartFileTest, TakesChunksFromSeveralThreads) {
  constexpr std::size_t kChunk = 10'000;
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kChunks = 64;
  const std::string content = test::noise(kChunk * kChunks);
  PartFile part = create("file", content.size());
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < kChunks; i += kThreads) {
        EXPECT_TRUE(part.write_chunk_at(i * kChunk, as_bytes(content).subspan(i * kChunk, kChunk)).has_value());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_TRUE(part.finish({}).has_value());
  EXPECT_EQ(test::read_file(temp_ / "file"), content);
}

TEST_F(PartFileTest, EmptyFilesAndDiscardedOnesWork) {
  EXPECT_EQ(download("empty", ""), "empty");
  PartFile part = create("never", 10);
  ASSERT_TRUE(part.discard().has_value());
  EXPECT_FALSE(fs::exists(temp_ / ".never.essaim-part"));
}

TEST(PartName, StaysWithinANamesLimit) {
  for (const std::size_t length : {240U, 241U, 242U, 255U}) {
    const SafePath name = safe(std::string(length, 'n'));
    for (const unsigned attempt : {1U, 2U, kClashNamesMax}) {
      const SafePath part = part_name_of(name, attempt);
      EXPECT_LE(part.text().size(), kPathPartBytesMax);
      EXPECT_TRUE(is_part_name(part.text()));
    }
  }
  EXPECT_NE(part_name_of(safe(std::string(254, 'n') + "a"), 1), part_name_of(safe(std::string(254, 'n') + "b"), 1));
}

TEST(PartName, KnowsItsOwnFromOthers) {
  EXPECT_TRUE(is_part_name(".a.essaim-part"));
  EXPECT_FALSE(is_part_name("a.essaim-part"));
  EXPECT_FALSE(is_part_name(".essaim-part"));
  EXPECT_FALSE(is_part_name(".hidden"));
}

TEST(ClashName, NumbersBeforeTheExtension) {
  const struct {
    const char* name;
    unsigned attempt;
    const char* result;
  } cases[] = {{"talk.mp4", 1, "talk.mp4"},
               {"talk.mp4", 2, "talk (2).mp4"},
               {"talk.mp4", 10, "talk (10).mp4"},
               {"folder", 2, "folder (2)"},
               {".bashrc", 2, ".bashrc (2)"},
               {"a.tar.gz", 3, "a.tar (3).gz"},
               {"caf\xC3\xA9.txt", 2, "caf\xC3\xA9 (2).txt"}};
  for (const auto& [name, attempt, result] : cases) EXPECT_EQ(clash_name_of(safe(name), attempt).text(), result);
}

TEST(ClashName, CutsLongNamesBetweenCharacters) {
  std::string name;
  while (name.size() + 2 <= 251) name += "\xC3\xA9";
  const SafePath clash = clash_name_of(safe(name + ".mp4"), 2);
  EXPECT_LE(clash.text().size(), kPathPartBytesMax);
  EXPECT_TRUE(clash.text().ends_with("\xC3\xA9 (2).mp4"));
  const SafePath odd = clash_name_of(safe("a." + std::string(253, 'x')), 2);
  EXPECT_LE(odd.text().size(), kPathPartBytesMax);
}

}  // namespace
}  // namespace essaim::storage
