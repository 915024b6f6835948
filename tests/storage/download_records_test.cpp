#include "storage/download_records.hpp"

#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>

#include "storage/directory.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

namespace fs = std::filesystem;

UnixNanos mtime_of(const fs::path& folder, const std::string& name) {
  return Directory::open(folder.string())->stat_entry(*SafePath::parse(name))->mtime;
}

void touch(const fs::path& path) { fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(1)); }

TEST(DownloadRecords, AFileIsRecordedAsWhatItWasChecked) {
  const test::TempDir dir;
  test::write_file(dir / "film.bin", "moving pictures");
  FinishedFile file{.path = (dir / "film.bin").string(), .id = {}, .size = 15, .mtime = mtime_of(dir / "", "film.bin")};
  file.id.bytes.fill(7);
  const auto record = record_of_file(file);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->path, "") << "the file of a share of one file";
  EXPECT_EQ(record->content_id, file.id);
  EXPECT_EQ(record->size, 15U);
}

TEST(DownloadRecords, AFileThatChangedSinceIsNotWhatWasChecked) {
  const test::TempDir dir;
  test::write_file(dir / "film.bin", "moving pictures");
  const FinishedFile file{
      .path = (dir / "film.bin").string(), .id = {}, .size = 15, .mtime = mtime_of(dir / "", "film.bin")};
  touch(dir / "film.bin");
  EXPECT_EQ(record_of_file(file).error().kind, StorageError::Kind::kChanged);
  FinishedFile shorter = file;
  shorter.mtime = mtime_of(dir / "", "film.bin");
  shorter.size = 14;
  EXPECT_EQ(record_of_file(shorter).error().kind, StorageError::Kind::kChanged);
  fs::remove(dir / "film.bin");
  EXPECT_EQ(record_of_file(file).error().kind, StorageError::Kind::kNotFound);
}

TEST(DownloadRecords, OfAFolderWhatChangedOrWentIsLeftOut) {
  const test::TempDir dir;
  std::vector<content::TreeEntry> entries;
  for (const char* name : {"kept", "touched", "gone"}) {
    test::write_file(dir / "box" / name, name);
    entries.push_back({.path = *SafePath::parse(name), .size = std::string_view(name).size()});
    entries.back().mtime = mtime_of(dir / "box", name);
  }
  touch(dir / "box/touched");
  fs::remove(dir / "box/gone");
  const auto records = records_of_folder((dir / "box").string(), entries);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1U);
  EXPECT_EQ(records->front().path, "kept");
}

}  // namespace
}  // namespace essaim::storage
