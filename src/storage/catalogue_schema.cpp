#include "storage/catalogue_schema.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "base/defence.hpp"
#include "storage/catalogue_sql.hpp"

namespace essaim::storage {
namespace {

// Paths are kept with '/' written as U+0001 (stored_path): then SQLite's byte order is tree order, since no path has
// a smaller byte. file.leaves stands last so that reading the rest of a row leaves its overflow pages alone.
constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE setting (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE share (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL UNIQUE,
  path        TEXT NOT NULL,
  kind        INTEGER NOT NULL,
  audience    TEXT NOT NULL,
  added_ns    INTEGER NOT NULL,
  content_id  BLOB,
  tree_bytes  INTEGER NOT NULL,
  total_bytes INTEGER NOT NULL,
  files       INTEGER NOT NULL,
  state       INTEGER NOT NULL
);

CREATE TABLE file (
  share_id    INTEGER NOT NULL,
  path        TEXT NOT NULL,
  kind        INTEGER NOT NULL,
  size        INTEGER NOT NULL,
  mtime_ns    INTEGER NOT NULL,
  inode       INTEGER NOT NULL,
  executable  INTEGER NOT NULL,
  link_target TEXT NOT NULL,
  content_id  BLOB,
  sha256      BLOB,
  leaves      BLOB,
  PRIMARY KEY (share_id, path)
) WITHOUT ROWID;
CREATE INDEX file_by_content ON file(content_id) WHERE content_id IS NOT NULL;

CREATE TABLE peer (
  peer_id      TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  level        INTEGER NOT NULL,
  trust        INTEGER NOT NULL,
  addresses    TEXT NOT NULL,
  last_seen_ns INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE transfer (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        INTEGER NOT NULL,
  state       INTEGER NOT NULL,
  link        TEXT NOT NULL,
  name        TEXT NOT NULL,
  destination TEXT NOT NULL,
  part_name   TEXT NOT NULL,
  result_name TEXT NOT NULL,
  peer        TEXT NOT NULL,
  note        TEXT NOT NULL,
  total_bytes INTEGER NOT NULL,
  done_bytes  INTEGER NOT NULL,
  created_ns  INTEGER NOT NULL,
  updated_ns  INTEGER NOT NULL,
  progress    BLOB
);
)sql";

// Which part of a folder a download is for, and what a person wants of it.
constexpr std::string_view kVersion2 = R"sql(
ALTER TABLE transfer ADD COLUMN subfolder TEXT NOT NULL DEFAULT '';
ALTER TABLE transfer ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transfer ADD COLUMN bytes_per_second INTEGER NOT NULL DEFAULT 0;
)sql";

// By content, not by file: twins share one. What no file has any more goes when the catalogue is opened.
constexpr std::string_view kVersion3 = R"sql(
CREATE TABLE sketch (
  number     INTEGER NOT NULL,
  content_id BLOB NOT NULL,
  PRIMARY KEY (number, content_id)
) WITHOUT ROWID;
)sql";

constexpr std::string_view kVersion4 = R"sql(
CREATE TABLE offer (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  incoming   INTEGER NOT NULL,
  wire_id    TEXT NOT NULL,
  created_ns INTEGER NOT NULL
);
CREATE TABLE offer_item (
  offer_id      INTEGER NOT NULL,
  number        INTEGER NOT NULL,
  name          TEXT NOT NULL,
  kind          INTEGER NOT NULL,
  size          INTEGER NOT NULL,
  files         INTEGER NOT NULL,
  tree_bytes    INTEGER NOT NULL,
  content_id    BLOB,
  shared_for_it INTEGER NOT NULL,
  transfer_id   INTEGER NOT NULL,
  arrived       INTEGER NOT NULL,
  PRIMARY KEY (offer_id, number)
) WITHOUT ROWID;
CREATE TABLE offer_peer (
  offer_id INTEGER NOT NULL,
  peer_id  TEXT NOT NULL,
  name     TEXT NOT NULL,
  state    INTEGER NOT NULL,
  reached  INTEGER NOT NULL,
  PRIMARY KEY (offer_id, peer_id)
) WITHOUT ROWID;
)sql";

constexpr std::array kMigrations{kVersion1, kVersion2, kVersion3, kVersion4};

void keep_copy(SQLite::Database& database, std::int64_t version) {
  const std::string path = fmt::format("{}.v{}", database.getFilename(), version);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);  // what a migration that was cut short left
  SQLite::Statement copy(database, "VACUUM INTO ?");
  copy.bind(1, path);
  copy.exec();
}

}  // namespace

std::span<const std::string_view> catalogue_migrations() { return kMigrations; }

Result<void> migrate(SQLite::Database& database, std::span<const std::string_view> migrations) {
  return guarded(database, [&]() -> Result<void> {
    const std::int64_t version = database.execAndGet("PRAGMA user_version").getInt64();
    const auto newest = static_cast<std::int64_t>(migrations.size());
    const bool unknown = version > newest && defended(Defence::kNewerCatalogue);
    if (unknown || version < 0) return fail_kind(StorageError::Kind::kNewer, database.getFilename());
    if (version >= newest) return {};
    if (version > 0) keep_copy(database, version);
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    for (const std::string_view step : migrations.subspan(static_cast<std::size_t>(version))) {
      database.exec(std::string(step));
    }
    database.exec(fmt::format("PRAGMA user_version = {}", newest));
    transaction.commit();
    return {};
  });
}

}  // namespace essaim::storage
