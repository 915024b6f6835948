// The catalogue's table of shares.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/audience.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "storage/file_record.hpp"
#include "storage/share_root.hpp"
#include "storage/storage_error.hpp"

namespace SQLite {
class Database;
}

namespace essaim::storage {

enum class ShareState : std::uint8_t {
  kIndexing,  // not all of it is hashed
  kReady,
  kUnavailable,  // the path is gone or cannot be read
  kDownloaded,   // no share of the person's: a finished download, kept so that it can be served by its id
};
[[nodiscard]] std::string_view to_string(ShareState state);

struct ShareRecord {
  ShareId id{};      // given by add()
  std::string name;  // unique
  std::string path;  // absolute
  ShareKind kind = ShareKind::kFolder;
  access::Audience audience;
  UnixNanos added{};
  std::optional<ContentId> content_id;  // of the file, or of the folder's tree document; nothing until known
  std::uint64_t tree_bytes = 0;         // of the tree document
  std::uint64_t total_bytes = 0;        // of all files
  std::uint64_t files = 0;
  ShareState state = ShareState::kIndexing;

  friend bool operator==(const ShareRecord&, const ShareRecord&) = default;
};

// Part of a Catalogue (storage/catalogue.hpp), with its thread rule.
class ShareTable {
 public:
  explicit ShareTable(SQLite::Database& database) : database_(&database) {}

  // kExists where the name is taken. The id is never given again, even after remove().
  [[nodiscard]] Result<ShareId> add(const ShareRecord& share);
  // Everything but the id and the time it was added.
  [[nodiscard]] Result<void> update(const ShareRecord& share);
  // With all its files, in one transaction.
  [[nodiscard]] Result<void> remove(ShareId id);

  [[nodiscard]] Result<std::vector<ShareRecord>> all() const;  // by name
  [[nodiscard]] Result<std::optional<ShareRecord>> find(ShareId id) const;
  [[nodiscard]] Result<std::optional<ShareRecord>> find_name(const std::string& name) const;
  // Shares whose file or tree document has this id.
  [[nodiscard]] Result<std::vector<ShareRecord>> find_content(const ContentId& id) const;

 private:
  SQLite::Database* database_;
};

}  // namespace essaim::storage
