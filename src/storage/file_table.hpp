// The catalogue's table of shared files.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "content/manifest.hpp"
#include "storage/file_record.hpp"
#include "storage/storage_error.hpp"

namespace SQLite {
class Database;
}

namespace essaim::storage {

struct FileKey {
  ShareId share{};
  std::string path;
};

// A page of one share in tree order (content/tree_entry.hpp): the records after `after`, from the start if it is
// nothing.
struct PageQuery {
  ShareId share{};
  std::optional<std::string> after;
  std::size_t limit = 0;
};

// A page of what lies directly in one folder, by name: what comes after the name `after`, from the start if it is
// empty.
struct FolderQuery {
  ShareId share{};
  std::string folder;  // "" is the share itself
  std::string after;
  std::size_t limit = 0;
};

struct ShareTotals {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unhashed_files = 0;
};

inline constexpr std::size_t kSearchWordsMax = 16;

// Part of a Catalogue (storage/catalogue.hpp), with its thread rule.
class FileTable {
 public:
  explicit FileTable(SQLite::Database& database) : database_(&database) {}

  // All or nothing, in one transaction, in the order of FileChanges' members. Nothing is done for a share that is not
  // there: an index job may still run when its share is removed.
  [[nodiscard]] Result<void> apply(const FileChanges& changes);
  [[nodiscard]] Result<void> remove_all(ShareId share);

  [[nodiscard]] Result<std::optional<FileRecord>> find(const FileKey& key) const;
  [[nodiscard]] Result<std::vector<FileRecord>> page(const PageQuery& query) const;
  // Costs one look-up an item, however much lies below each.
  [[nodiscard]] Result<std::vector<FileRecord>> list_folder(const FolderQuery& query) const;
  // Records whose share's name and path together hold every word, ASCII letters of either case; in the order of
  // `shares`, then in tree order. Reads every path of these shares: about 0.3 s a million.
  [[nodiscard]] Result<std::vector<SharedFile>> search(std::span<const std::string> words,
                                                       std::span<const ShareId> shares, std::size_t limit) const;
  // Every place that has this content, by share, then path.
  [[nodiscard]] Result<std::vector<SharedFile>> find_content(const ContentId& id, std::size_t limit) const;
  // Size and leaves of a known content; checked against the id, so a damaged row is kCorrupt.
  [[nodiscard]] Result<std::optional<content::Manifest>> manifest_of(const ContentId& id) const;
  // Other contents that seem to share chunks with the one that has these leaves (content/sketch.hpp), those that share
  // the most first.
  [[nodiscard]] Result<std::vector<ContentId>> similar_to(std::span<const Leaf> leaves, std::size_t limit) const;
  // Forgets the sketches of contents that no file has any more.
  [[nodiscard]] Result<void> sweep_sketches();
  // For level 0 of the wire: files with, or without, a SHA-256.
  [[nodiscard]] Result<std::vector<FileRecord>> page_with_sha256(const PageQuery& query) const;
  [[nodiscard]] Result<std::vector<FileRecord>> page_without_sha256(const PageQuery& query) const;
  [[nodiscard]] Result<ShareTotals> totals(ShareId share) const;

 private:
  SQLite::Database* database_;
};

}  // namespace essaim::storage
