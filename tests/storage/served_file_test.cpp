#include "storage/served_file.hpp"

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "content/hash.hpp"
#include "storage/home.hpp"
#include "storage/tree_store.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
namespace fs = std::filesystem;

class ServedFileTest : public ::testing::Test {
 protected:
  void put(const std::string& content) {
    test::write_file(temp_ / "file", content);
    test::make_old(temp_ / "file");
  }
  [[nodiscard]] ShareRoot root() const { return ShareRoot::open(temp_.text()).value(); }
  [[nodiscard]] Fingerprint fingerprint() const {
    return root().directory().stat_entry(SafePath::parse("file").value())->fingerprint();
  }
  test::TempDir temp_;
};

TEST_F(ServedFileTest, GivesTheBytesThatWereHashed) {
  put("0123456789");
  const auto file = ServedFile::open(root(), "file", fingerprint());
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->size(), 10U);
  Bytes bytes(4);
  ASSERT_TRUE(file->read_at(3, bytes).has_value());
  EXPECT_EQ(as_text(bytes), "3456");
}

TEST_F(ServedFileTest, IsNotOpenedWhenItIsNoLongerTheSame) {
  put("old");
  const Fingerprint known = fingerprint();
  put("newer");
  EXPECT_EQ(ServedFile::open(root(), "file", known).error().kind, Kind::kChanged);
  fs::remove(temp_ / "file");
  EXPECT_EQ(ServedFile::open(root(), "file", known).error().kind, Kind::kNotFound);
  EXPECT_EQ(ServedFile::open(root(), "../file", known).error().kind, Kind::kNotFound);
}

TEST_F(ServedFileTest, SaysChangedInsteadOfGivingOtherBytes) {
  put(std::string(1000, 'a'));
  const ServedFile file = ServedFile::open(root(), "file", fingerprint()).value();
  Bytes bytes(1000);
  ASSERT_TRUE(file.read_at(0, bytes).has_value());
  std::fstream(temp_ / "file", std::ios::in | std::ios::out) << "b";
  EXPECT_EQ(file.read_at(0, bytes).error().kind, Kind::kChanged);
  EXPECT_EQ(file.still_same().error().kind, Kind::kChanged);
  fs::resize_file(temp_ / "file", 10);
  EXPECT_EQ(file.read_at(0, bytes).error().kind, Kind::kChanged);
}

TEST_F(ServedFileTest, GoesOnWithAFileThatWasReplacedUnderItsName) {
  put("first");
  const ServedFile file = ServedFile::open(root(), "file", fingerprint()).value();
  test::write_file(temp_ / "other", "other");
  fs::rename(temp_ / "other", temp_ / "file");
  Bytes bytes(5);
  ASSERT_TRUE(file.read_at(0, bytes).has_value());
  EXPECT_EQ(as_text(bytes), "first");
}

// Whoever reads while somebody writes gets the old version whole, or kChanged.
TEST_F(ServedFileTest, NeverMixesTwoVersions) {
  constexpr std::size_t kSize = 64 * 1024;
  std::atomic<bool> over = false;
  put(std::string(kSize, 'a'));
  const ServedFile file = ServedFile::open(root(), "file", fingerprint()).value();
  std::thread writer([&] {
    std::fstream stream(temp_ / "file", std::ios::in | std::ios::out | std::ios::binary);
    for (char c = 'b'; !over; c = c == 'z' ? 'b' : static_cast<char>(c + 1)) {
      stream.seekp(0) << std::string(kSize, c) << std::flush;
    }
  });
  Bytes bytes(kSize);
  int changed = 0;
  while (changed < 100) {
    if (!file.read_at(0, bytes)) {
      ++changed;
      continue;
    }
    EXPECT_EQ(as_text(bytes), std::string(kSize, 'a'));
  }
  over = true;
  writer.join();
  EXPECT_EQ(file.read_at(0, bytes).error().kind, Kind::kChanged);
}

TEST(ServedFiles, KeepsTheLatestUsedUpToItsLimit) {
  const test::TempDir temp;
  test::write_file(temp / "file", "x");
  const Directory folder = Directory::open(temp.text()).value();
  const auto served = [&] {
    return std::make_shared<const ServedFile>(folder.open_file_for_read(SafePath::parse("file").value()).value());
  };
  const auto id = [](std::uint8_t n) {
    ContentId made;
    made.bytes[0] = n;
    return made;
  };
  ServedFiles files(3);
  for (std::uint8_t n = 0; n < 3; ++n) files.put(id(n), served());
  EXPECT_EQ(files.size(), 3U);
  EXPECT_NE(files.find(id(0)), nullptr);
  files.put(id(3), served());
  EXPECT_EQ(files.size(), 3U);
  EXPECT_EQ(files.find(id(1)), nullptr) << "it was used longest ago";
  EXPECT_NE(files.find(id(0)), nullptr);
  files.put(id(0), served());
  EXPECT_EQ(files.size(), 3U);
  files.forget(id(0));
  files.forget(id(99));
  EXPECT_EQ(files.find(id(0)), nullptr);
  files.clear();
  EXPECT_EQ(files.size(), 0U);
}

TEST(TreeStore, KeepsDocumentsByTheirId) {
  const test::TempDir temp;
  const Home home = Home::open(temp.text()).value();
  TreeStore store(home.trees());
  const std::string document = "essaim tree 1\n";
  const Leaf leaf = content::leaf_of(as_bytes(document));
  const ContentId id = content::content_id_of(document.size(), {&leaf, 1});
  EXPECT_EQ(store.read(id).error().kind, Kind::kNotFound);
  ASSERT_TRUE(store.put(id, as_bytes(document)).has_value());
  ASSERT_TRUE(store.put(id, as_bytes(document)).has_value()) << "once more changes nothing";
  EXPECT_EQ(as_text(store.read(id).value()), document);
  test::write_file(temp / "trees/other file", "x");
  EXPECT_EQ(store.all().value(), std::vector{id});
  EXPECT_EQ(ServedFile(store.open(id).value()).size(), document.size());
  ASSERT_TRUE(store.remove(id).has_value());
  EXPECT_TRUE(store.all()->empty());
}

}  // namespace
}  // namespace essaim::storage
