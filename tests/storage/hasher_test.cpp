#include "storage/hasher.hpp"

#include <string>

#include <gtest/gtest.h>

#include "content/hash.hpp"
#include "storage/directory.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

class HasherTest : public ::testing::Test {
 protected:
  OpenedFile open() {
    return Directory::open(temp_.text())->open_file_for_read(SafePath::parse("file").value()).value();
  }
  test::TempDir temp_;
  HashBuffer buffer_;
};

ContentId id_of(const std::string& bytes) {
  const auto plan = content::plan_for(bytes.size()).value();
  std::vector<Leaf> leaves;
  for (std::uint32_t i = 0; i < plan.chunks; ++i) {
    const content::ChunkIndex index{i};
    leaves.push_back(content::leaf_of(as_bytes(bytes).subspan(plan.offset(index), plan.length(index))));
  }
  return content::content_id_of(bytes.size(), leaves);
}

TEST_F(HasherTest, FindsTheIdAndTheSha256OfFilesOfAllSizes) {
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{1}, 256 * kKiB - 1, 256 * kKiB, 256 * kKiB + 1, 3 * kMiB + 5}) {
    const std::string bytes = test::noise(size);
    test::write_file(temp_ / "file", bytes);
    test::make_old(temp_ / "file");
    std::uint64_t seen = 0;
    const HashControl control{.stop = {}, .on_bytes = [&](std::uint64_t more) { seen += more; }};
    const auto hash = hash_content(open(), buffer_, control);
    ASSERT_TRUE(hash.has_value()) << size;
    EXPECT_EQ(hash->id, id_of(bytes)) << size;
    EXPECT_EQ(seen, size);
    EXPECT_EQ(hash_sha256(open(), buffer_, {}).value(), content::sha256_of(as_bytes(bytes))) << size;
  }
}

TEST_F(HasherTest, NoticesAFileThatChangesMeanwhile) {
  const std::string bytes = test::noise(3 * kMiB);
  enum class Change { kAppend, kTruncate, kOverwrite, kTouch };
  for (const Change change : {Change::kAppend, Change::kTruncate, Change::kOverwrite, Change::kTouch}) {
    test::write_file(temp_ / "file", bytes);
    test::make_old(temp_ / "file");
    const auto change_it = [&](std::uint64_t) {
      std::fstream file(temp_ / "file", std::ios::in | std::ios::out | std::ios::binary);
      if (change == Change::kAppend) file.seekp(0, std::ios::end) << "x";
      if (change == Change::kOverwrite) file.seekp(100) << "x";
      if (change == Change::kTouch) test::make_old(temp_ / "file", std::chrono::hours(2));
      if (change == Change::kTruncate) std::filesystem::resize_file(temp_ / "file", 10);
    };
    EXPECT_EQ(hash_content(open(), buffer_, {.stop = {}, .on_bytes = change_it}).error().kind, Kind::kChanged);
  }
}

// A change within one tick of the file system's clock leaves the time as it was, so a fresh file is looked at again.
TEST_F(HasherTest, LooksAgainAtAFileThatWasWrittenJustNow) {
  test::write_file(temp_ / "file", "fresh");
  const OpenedFile file = open();
  EXPECT_TRUE(check_unchanged(file).has_value());
  test::write_file(temp_ / "file", "other");
  EXPECT_EQ(check_unchanged(file).error().kind, Kind::kChanged);
}

TEST_F(HasherTest, StopsWhenAsked) {
  test::write_file(temp_ / "file", test::noise(2 * kMiB));
  std::stop_source stop;
  int calls = 0;
  const HashControl control{.stop = stop.get_token(), .on_bytes = [&](std::uint64_t) { ++calls, stop.request_stop(); }};
  EXPECT_EQ(hash_content(open(), buffer_, control).error().kind, Kind::kCancelled);
  EXPECT_EQ(calls, 1);
}

TEST_F(HasherTest, RefusesWhatIsTooLargeForAnId) {
  test::write_file(temp_ / "file", "");
  OpenedFile file = open();
  file.stat.size = content::kContentBytesMax + 1;
  EXPECT_EQ(hash_content(file, buffer_, {}).error().kind, Kind::kTooLarge);
}

}  // namespace
}  // namespace essaim::storage
