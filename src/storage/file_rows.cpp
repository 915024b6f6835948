#include "storage/file_rows.hpp"

#include <algorithm>

namespace essaim::storage {
namespace {

constexpr char kStoredSlash = '\x01';

constexpr std::string_view kColumns =
    "SELECT share_id, path, kind, size, mtime_ns, inode, executable, link_target, content_id, sha256 FROM file ";

std::string shown_path(std::string text) {
  std::ranges::replace(text, kStoredSlash, '/');
  return text;
}

}  // namespace

std::string stored_path(std::string_view path) {
  std::string text(path);
  std::ranges::replace(text, '/', kStoredSlash);
  return text;
}

std::string select_files(std::string_view rest) { return std::string(kColumns) + std::string(rest); }

SharedFile read_file(SQLite::Statement& query) {
  RowReader row(query);
  SharedFile file;
  file.share = row.value_of<ShareId>();
  file.record.path = shown_path(row.text());
  file.record.kind = row.value_of<FileKind>();
  file.record.size = row.number();
  file.record.mtime = row.value_of<UnixNanos>();
  file.record.inode = row.number();
  file.record.executable = row.integer() != 0;
  file.record.link_target = row.text();
  file.record.content_id = row.digest<ContentId>();
  file.record.sha256 = row.digest<Sha256>();
  return file;
}

std::vector<SharedFile> read_files(SQLite::Statement& query) {
  std::vector<SharedFile> files;
  while (query.executeStep()) files.push_back(read_file(query));
  return files;
}

std::vector<FileRecord> read_records(SQLite::Statement& query) {
  std::vector<FileRecord> records;
  while (query.executeStep()) records.push_back(read_file(query).record);
  return records;
}

std::int64_t bounded_limit(std::size_t limit) {
  return static_cast<std::int64_t>(std::min(limit, kRecordsPerAnswerMax));
}

}  // namespace essaim::storage
