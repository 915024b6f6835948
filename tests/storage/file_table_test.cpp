#include "storage/file_table.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "content/hash.hpp"
#include "storage/catalogue.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
using Names = std::vector<std::string>;

IndexedFile indexed(std::string path, std::string_view content) {
  IndexedFile file;
  file.record.path = std::move(path);
  file.record.size = content.size();
  file.record.mtime = UnixNanos{1};
  file.record.inode = 2;
  if (!content.empty()) file.leaves.push_back(content::leaf_of(as_bytes(content)));
  file.record.content_id = content::content_id_of(content.size(), file.leaves);
  return file;
}
IndexedFile folder(std::string path) {
  IndexedFile file;
  file.record.path = std::move(path);
  file.record.kind = FileKind::kDirectory;
  return file;
}

Names paths_of(const std::vector<FileRecord>& records) {
  Names paths;
  for (const FileRecord& record : records) paths.push_back(record.path);
  return paths;
}
Names paths_of(const std::vector<SharedFile>& files) {
  Names paths;
  for (const SharedFile& file : files) paths.push_back(file.record.path);
  return paths;
}

class FileTableTest : public ::testing::Test {
 protected:
  ShareId add_share(const std::string& name) {
    ShareRecord share;
    share.name = name;
    return catalogue_.shares().add(share).value();
  }
  void apply(ShareId share, std::vector<IndexedFile> upserts, Names removed = {}) {
    const FileChanges changes{.share = share, .removed = std::move(removed), .upserts = std::move(upserts)};
    ASSERT_TRUE(files().apply(changes).has_value());
  }
  FileTable& files() { return catalogue_.files(); }

  test::TempDir temp_;
  Catalogue catalogue_ = Catalogue::open((temp_ / "catalogue.db").string()).value();
  ShareId share_ = add_share("share");
};

TEST_F(FileTableTest, GivesBackEveryFieldOfARecord) {
  IndexedFile file = indexed("\xC3\xA9/\xF0\x9F\x98\x80 file", "content");
  file.record.executable = true;
  file.record.inode = UINT64_MAX;
  file.record.mtime = UnixNanos{-5};
  file.record.sha256 = content::sha256_of(as_bytes("content"));
  apply(share_, {file});
  EXPECT_EQ(files().find({share_, file.record.path}).value(), file.record);
  EXPECT_EQ(files().find({share_, "none"}).value(), std::nullopt);
  EXPECT_EQ(files().find({add_share("other"), file.record.path}).value(), std::nullopt);
}

TEST_F(FileTableTest, PagesInTreeOrder) {
  apply(share_, {indexed("a-b", "1"), indexed("a/z", "2"), folder("a"), indexed("a b", "3"), folder("a/c"),
                 indexed("a/c/x", "4")});
  const Names all{"a", "a/c", "a/c/x", "a/z", "a b", "a-b"};
  EXPECT_EQ(paths_of(files().page({.share = share_, .after = {}, .limit = 100}).value()), all);
  Names paged;
  std::optional<std::string> after;
  while (true) {
    const auto page = files().page({.share = share_, .after = after, .limit = 2}).value();
    if (page.empty()) break;
    for (const FileRecord& record : page) paged.push_back(record.path);
    after = page.back().path;
  }
  EXPECT_EQ(paged, all);
}

TEST_F(FileTableTest, ListsOneFolderPageByPage) {
  apply(share_, {folder("a"), indexed("a/1", "x"), folder("a/d"), indexed("a/d/deep", "x"), folder("a/d/e"),
                 indexed("a/d-e", "x"), indexed("a/z", "x"), folder("ab"), indexed("ab/x", "x"), indexed("top", "x")});
  const auto list = [&](std::string in, std::string after, std::size_t limit) {
    return paths_of(
        files()
            .list_folder({.share = share_, .folder = std::move(in), .after = std::move(after), .limit = limit})
            .value());
  };
  EXPECT_EQ(list("", "", 100), (Names{"a", "ab", "top"}));
  EXPECT_EQ(list("a", "", 100), (Names{"a/1", "a/d", "a/d-e", "a/z"}));
  EXPECT_EQ(list("a", "", 2), (Names{"a/1", "a/d"}));
  EXPECT_EQ(list("a", "d", 100), (Names{"a/d-e", "a/z"}));
  EXPECT_EQ(list("a", "zz", 100), Names{});
  EXPECT_EQ(list("a/d/e", "", 100), Names{});
  EXPECT_EQ(list("none", "", 100), Names{});
  EXPECT_EQ(list("", "", 0), Names{});
}

TEST_F(FileTableTest, ListsTheFileOfASingleFileShare) {
  apply(share_, {indexed("", "x")});
  EXPECT_EQ(paths_of(files().list_folder({.share = share_, .folder = "", .after = "", .limit = 10}).value()),
            Names{""});
}

TEST_F(FileTableTest, FindsFilesThatHoldAllWords) {
  const ShareId second = add_share("Summer Holiday");
  const ShareId single = add_share("talk.mp4");
  apply(share_,
        {folder("beach"), indexed("beach/Holiday_1.JPG", "a"), indexed("100% sure", "b"), indexed("other", "c")});
  apply(second, {indexed("beach.jpg", "d"), indexed("hill.jpg", "e")});
  apply(single, {indexed("", "f")});
  const std::vector<ShareId> all{share_, second, single};
  const auto search = [&](const Names& words) { return paths_of(files().search(words, all, 100).value()); };
  EXPECT_EQ(search({"holiday", "JPG"}), (Names{"beach/Holiday_1.JPG", "beach.jpg", "hill.jpg"}));
  EXPECT_EQ(search({"beach", "1"}), Names{"beach/Holiday_1.JPG"});
  EXPECT_EQ(search({"beach/holiday"}), Names{"beach/Holiday_1.JPG"});
  EXPECT_EQ(search({"summer"}), Names{}) << "the share is the hit, not each of its files";
  EXPECT_EQ(search({"talk"}), Names{""});
  EXPECT_EQ(search({"100%"}), Names{"100% sure"});
  EXPECT_EQ(search({"holiday%1"}), Names{}) << "no character is a wildcard";
  EXPECT_EQ(search({"y_1"}), Names{"beach/Holiday_1.JPG"});
  EXPECT_EQ(search({}), Names{});
  EXPECT_EQ(files().search(Names{"jpg"}, all, 2)->size(), 2U);
  EXPECT_EQ(paths_of(files().search(Names{"jpg"}, std::vector{second}, 100).value()), (Names{"beach.jpg", "hill.jpg"}));
}

TEST_F(FileTableTest, FindsContentWhereverItIsAndItsLeaves) {
  const ShareId second = add_share("second");
  apply(share_, {indexed("b", "same"), indexed("a", "same"), indexed("c", "other")});
  apply(second, {indexed("d", "same"), indexed("empty", "")});
  const IndexedFile same = indexed("", "same");
  const auto places = files().find_content(*same.record.content_id, 100).value();
  EXPECT_EQ(paths_of(places), (Names{"a", "b", "d"}));
  EXPECT_EQ(places.back().share, second);
  const auto manifest = files().manifest_of(*same.record.content_id).value();
  ASSERT_TRUE(manifest.has_value());
  EXPECT_EQ(manifest->size, 4U);
  EXPECT_EQ(manifest->leaves, same.leaves);
  EXPECT_EQ(files().manifest_of(*indexed("", "").record.content_id).value()->leaves.size(), 0U);
  EXPECT_EQ(files().manifest_of(*indexed("", "unknown").record.content_id).value(), std::nullopt);
}

TEST_F(FileTableTest, NeverGivesLeavesThatAreNotThoseOfTheId) {
  IndexedFile damaged = indexed("a", "content");
  damaged.leaves[0].bytes[0] ^= 1;
  apply(share_, {damaged});
  EXPECT_EQ(files().manifest_of(*damaged.record.content_id).error().kind, Kind::kCorrupt);
}

TEST_F(FileTableTest, TakesASha256OnlyForTheFileThatWasHashed) {
  const IndexedFile file = indexed("a", "content");
  apply(share_, {file, indexed("b", "x"), folder("d")});
  const Sha256 hash = content::sha256_of(as_bytes("content"));
  Fingerprint stale = file.record.fingerprint();
  stale.mtime = UnixNanos{99};
  const auto apply_sha256 = [&](const Fingerprint& of) {
    const FileChanges changes{.share = share_, .sha256 = {{.path = "a", .of = of, .hash = hash}}};
    ASSERT_TRUE(files().apply(changes).has_value());
  };
  apply_sha256(stale);
  EXPECT_EQ(paths_of(files().page_without_sha256({.share = share_, .after = {}, .limit = 10}).value()),
            (Names{"a", "b"}));
  apply_sha256(file.record.fingerprint());
  EXPECT_EQ(paths_of(files().page_with_sha256({.share = share_, .after = {}, .limit = 10}).value()), Names{"a"});
  EXPECT_EQ(files().find({share_, "a"}).value()->sha256, hash);
  apply(share_, {indexed("a", "changed")});
  EXPECT_EQ(files().find({share_, "a"}).value()->sha256, std::nullopt);
}

TEST_F(FileTableTest, CountsFilesOnly) {
  IndexedFile unhashed = indexed("c", "four");
  unhashed.record.content_id.reset();
  apply(share_, {folder("d"), indexed("a", "1"), indexed("b", "22"), unhashed});
  const auto totals = files().totals(share_).value();
  EXPECT_EQ(totals.files, 3U);
  EXPECT_EQ(totals.bytes, 7U);
  EXPECT_EQ(totals.unhashed_files, 1U);
}

TEST_F(FileTableTest, RemovesBeforeItAdds) {
  apply(share_, {indexed("a", "1"), indexed("b", "2")});
  apply(share_, {indexed("a", "new")}, {"a", "b", "never there"});
  EXPECT_EQ(paths_of(files().page({.share = share_, .after = {}, .limit = 10}).value()), Names{"a"});
  ASSERT_TRUE(files().remove_all(share_).has_value());
  EXPECT_EQ(files().totals(share_)->files, 0U);
}

TEST_F(FileTableTest, KeepsNothingOfAShareThatIsNotThere) {
  ASSERT_TRUE(catalogue_.shares().remove(share_).has_value());
  apply(share_, {indexed("a", "1")});
  EXPECT_EQ(files().totals(share_)->files, 0U);
}

TEST_F(FileTableTest, NoAnswerIsLongerThanItsLimit) {
  std::vector<IndexedFile> many(kRecordsPerAnswerMax + 1);
  for (std::size_t i = 0; i < many.size(); ++i) many[i].record.path = "f" + std::to_string(i);
  apply(share_, std::move(many));
  EXPECT_EQ(files().page({.share = share_, .after = {}, .limit = kRecordsPerAnswerMax - 1})->size(),
            kRecordsPerAnswerMax - 1);
  EXPECT_EQ(files().page({.share = share_, .after = {}, .limit = SIZE_MAX})->size(), kRecordsPerAnswerMax);
  EXPECT_EQ(files().list_folder({.share = share_, .folder = "", .after = "", .limit = SIZE_MAX})->size(),
            kRecordsPerAnswerMax);
  EXPECT_EQ(files().search(Names{"f"}, std::vector{share_}, SIZE_MAX)->size(), kRecordsPerAnswerMax);
  Names words(kSearchWordsMax, "f");
  words.emplace_back("not there");
  EXPECT_EQ(files().search(words, std::vector{share_}, 5)->size(), 5U) << "a word too many is not looked at";
  words.front() = "not there";
  EXPECT_EQ(files().search(words, std::vector{share_}, 5)->size(), 0U);
}

IndexedFile large(std::string path, std::vector<std::string_view> chunks) {
  IndexedFile file = indexed(std::move(path), "");
  for (const std::string_view chunk : chunks) file.leaves.push_back(content::leaf_of(as_bytes(chunk)));
  file.record.size = (chunks.size() - 1) * content::kChunkBytesMin + 1;
  file.record.content_id = content::content_id_of(file.record.size, file.leaves);
  return file;
}

TEST_F(FileTableTest, FindsContentsThatShareChunksThoseThatShareTheMostFirst) {
  const ShareId share = add_share("images");
  const IndexedFile other = large("other", {"x", "y", "z"});
  const IndexedFile old = large("old", {"a", "b", "q", "r"});
  const IndexedFile newer = large("newer", {"a", "b", "c", "r"});
  apply(share, {other, old, newer, indexed("small", "a")});
  const IndexedFile wanted = large("wanted", {"a", "b", "c", "d"});
  const auto ids = [](const std::vector<IndexedFile>& files) {
    std::vector<ContentId> found;
    for (const IndexedFile& file : files) found.push_back(*file.record.content_id);
    return found;
  };
  EXPECT_EQ(files().similar_to(wanted.leaves, 10).value(), ids({newer, old}));
  EXPECT_EQ(files().similar_to(wanted.leaves, 1).value(), ids({newer}));
  apply(share, {}, {"newer"});
  ASSERT_TRUE(files().sweep_sketches());
  EXPECT_EQ(files().similar_to(wanted.leaves, 10).value(), ids({old}));
}

}  // namespace
}  // namespace essaim::storage
