#include "storage/file_table.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include <SQLiteCpp/Transaction.h>

#include "content/sketch.hpp"
#include "storage/catalogue_sql.hpp"
#include "storage/file_rows.hpp"

namespace essaim::storage {
namespace {

constexpr const char* kUpsert =
    "INSERT OR REPLACE INTO file (share_id, path, kind, size, mtime_ns, inode, executable, link_target, content_id,"
    " sha256, leaves) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

ByteView bytes_of(const std::vector<Leaf>& leaves) {
  static_assert(sizeof(Leaf) == kDigestBytes);
  return {reinterpret_cast<const std::uint8_t*>(leaves.data()), leaves.size() * kDigestBytes};
}

void bind_file(SQLite::Statement& upsert, ShareId share, const IndexedFile& file) {
  const FileRecord& record = file.record;
  Binder binder(upsert);
  binder.value_of(share)
      .text(stored_path(record.path))
      .value_of(record.kind)
      .number(record.size)
      .value_of(record.mtime)
      .number(record.inode)
      .integer(record.executable ? 1 : 0)
      .text(record.link_target)
      .digest(record.content_id)
      .digest(record.sha256);
  record.content_id ? binder.blob(bytes_of(file.leaves)) : binder.null();
}

bool share_exists(SQLite::Database& database, ShareId share) {
  SQLite::Statement query(database, "SELECT 1 FROM share WHERE id = ?");
  Binder(query).value_of(share);
  return query.executeStep();
}

void remove_files(SQLite::Database& database, const FileChanges& changes) {
  SQLite::Statement remove(database, "DELETE FROM file WHERE share_id = ? AND path = ?");
  for (const std::string& path : changes.removed) {
    Binder(remove).value_of(changes.share).text(stored_path(path));
    remove.exec();
    remove.reset();
  }
}

void upsert_files(SQLite::Database& database, const FileChanges& changes) {
  SQLite::Statement upsert(database, kUpsert);
  for (const IndexedFile& file : changes.upserts) {
    bind_file(upsert, changes.share, file);
    upsert.exec();
    upsert.reset();
  }
}

void add_sketches(SQLite::Database& database, const FileChanges& changes) {
  SQLite::Statement add(database, "INSERT OR IGNORE INTO sketch (number, content_id) VALUES (?, ?)");
  for (const IndexedFile& file : changes.upserts) {
    if (!file.record.content_id) continue;
    for (const std::uint64_t number : content::sketch_of(file.leaves)) {
      Binder(add).number(number).digest(file.record.content_id);
      add.exec();
      add.reset();
    }
  }
}

void set_sha256(SQLite::Database& database, const FileChanges& changes) {
  SQLite::Statement update(database,
                           "UPDATE file SET sha256 = ? WHERE share_id = ? AND path = ? AND size = ? AND mtime_ns = ?"
                           " AND inode = ? AND content_id IS NOT NULL");
  for (const Sha256Found& found : changes.sha256) {
    Binder(update)
        .blob(found.hash.view())
        .value_of(changes.share)
        .text(stored_path(found.path))
        .number(found.of.size)
        .value_of(found.of.mtime)
        .number(found.of.inode);
    update.exec();
    update.reset();
  }
}

Result<std::vector<FileRecord>> page_where(SQLite::Database& database, const PageQuery& page,
                                           std::string_view condition) {
  return guarded(database, [&]() -> Result<std::vector<FileRecord>> {
    std::string sql = "WHERE share_id = ? AND path ";
    sql += page.after ? "> ?" : ">= ?";
    sql.append(condition).append(" ORDER BY path LIMIT ?");
    SQLite::Statement query(database, select_files(sql));
    Binder(query).value_of(page.share).text(stored_path(page.after.value_or(""))).integer(bounded_limit(page.limit));
    return read_records(query);
  });
}

}  // namespace

Result<void> FileTable::apply(const FileChanges& changes) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Transaction transaction(*database_);
    if (!share_exists(*database_, changes.share)) return {};
    remove_files(*database_, changes);
    upsert_files(*database_, changes);
    add_sketches(*database_, changes);
    set_sha256(*database_, changes);
    transaction.commit();
    return {};
  });
}

Result<void> FileTable::remove_all(ShareId share) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Statement remove(*database_, "DELETE FROM file WHERE share_id = ?");
    Binder(remove).value_of(share);
    remove.exec();
    return {};
  });
}

Result<std::optional<FileRecord>> FileTable::find(const FileKey& key) const {
  return guarded(*database_, [&]() -> Result<std::optional<FileRecord>> {
    SQLite::Statement query(*database_, select_files("WHERE share_id = ? AND path = ?"));
    Binder(query).value_of(key.share).text(stored_path(key.path));
    if (!query.executeStep()) return std::nullopt;
    return read_file(query).record;
  });
}

Result<std::vector<FileRecord>> FileTable::page(const PageQuery& query) const {
  return page_where(*database_, query, "");
}

Result<std::vector<FileRecord>> FileTable::page_with_sha256(const PageQuery& query) const {
  return page_where(*database_, query, " AND sha256 IS NOT NULL");
}

Result<std::vector<FileRecord>> FileTable::page_without_sha256(const PageQuery& query) const {
  return page_where(*database_, query, " AND sha256 IS NULL AND content_id IS NOT NULL");
}

Result<std::vector<SharedFile>> FileTable::find_content(const ContentId& id, std::size_t limit) const {
  return guarded(*database_, [&]() -> Result<std::vector<SharedFile>> {
    SQLite::Statement query(*database_, select_files("WHERE content_id = ? ORDER BY share_id, path LIMIT ?"));
    Binder(query).blob(id.view()).integer(bounded_limit(limit));
    return read_files(query);
  });
}

Result<std::optional<content::Manifest>> FileTable::manifest_of(const ContentId& id) const {
  return guarded(*database_, [&]() -> Result<std::optional<content::Manifest>> {
    SQLite::Statement query(*database_, "SELECT size, leaves FROM file WHERE content_id = ? LIMIT 1");
    Binder(query).blob(id.view());
    if (!query.executeStep()) return std::nullopt;
    RowReader row(query);
    const std::uint64_t size = row.number();
    auto leaves = content::parse_leaves(row.blob());
    if (!leaves) return fail_kind(StorageError::Kind::kCorrupt, database_->getFilename());
    auto manifest = content::check_manifest(size, std::move(*leaves), id);
    if (!manifest) return fail_kind(StorageError::Kind::kCorrupt, database_->getFilename());
    return std::move(*manifest);
  });
}

Result<std::vector<ContentId>> FileTable::similar_to(std::span<const Leaf> leaves, std::size_t limit) const {
  return guarded(*database_, [&]() -> Result<std::vector<ContentId>> {
    std::map<ContentId, std::size_t> common;
    SQLite::Statement query(*database_, "SELECT content_id FROM sketch WHERE number = ?");
    for (const std::uint64_t number : content::sketch_of(leaves)) {
      Binder(query).number(number);
      while (query.executeStep()) {
        if (const auto id = RowReader(query).digest<ContentId>()) ++common[*id];
      }
      query.reset();
    }
    std::vector<std::pair<std::size_t, ContentId>> by_count;
    for (const auto& [id, count] : common) by_count.emplace_back(count, id);
    std::ranges::sort(by_count, std::greater());
    if (by_count.size() > limit) by_count.resize(limit);
    std::vector<ContentId> similar;
    for (const auto& [count, id] : by_count) similar.push_back(id);
    return similar;
  });
}

Result<void> FileTable::sweep_sketches() {
  return guarded(*database_, [&]() -> Result<void> {
    database_->exec(
        "DELETE FROM sketch WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.content_id = sketch.content_id)");
    return {};
  });
}

Result<ShareTotals> FileTable::totals(ShareId share) const {
  return guarded(*database_, [&]() -> Result<ShareTotals> {
    SQLite::Statement query(*database_,
                            "SELECT count(*), coalesce(sum(size), 0), count(*) - count(content_id) FROM file"
                            " WHERE share_id = ? AND kind = ?");
    Binder(query).value_of(share).value_of(FileKind::kFile);
    query.executeStep();
    RowReader row(query);
    ShareTotals totals;
    totals.files = row.number();
    totals.bytes = row.number();
    totals.unhashed_files = row.number();
    return totals;
  });
}

}  // namespace essaim::storage
