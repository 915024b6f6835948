#include "storage/download_records.hpp"

#include <utility>

#include "base/safe_path.hpp"
#include "storage/directory.hpp"

namespace essaim::storage {
namespace {

FileRecord record_of(const FileStat& stat, const ContentId& id, std::string path) {
  return {.path = std::move(path),
          .kind = FileKind::kFile,
          .size = stat.size,
          .mtime = stat.mtime,
          .inode = stat.inode,
          .executable = stat.executable,
          .link_target = {},
          .content_id = id,
          .sha256 = std::nullopt};
}

}  // namespace

Result<FileRecord> record_of_file(const FinishedFile& file) {
  const std::string& path = file.path;
  const std::size_t slash = path.rfind('/');
  const auto name = SafePath::parse(std::string_view(path).substr(slash + 1));
  if (slash == std::string::npos || !name) return fail_kind(StorageError::Kind::kOutside, path);
  const auto folder = Directory::open(slash == 0 ? "/" : path.substr(0, slash));
  if (!folder) return fail(folder.error());
  const auto stat = folder->stat_entry(*name);
  if (!stat) return fail(stat.error());
  if (stat->size != file.size || stat->mtime != file.mtime) return fail_kind(StorageError::Kind::kChanged, path);
  return record_of(*stat, file.id, "");
}

Result<std::vector<FileRecord>> records_of_folder(const std::string& path,
                                                  const std::vector<content::TreeEntry>& entries) {
  const auto folder = Directory::open(path);
  if (!folder) return fail(folder.error());
  std::vector<FileRecord> records;
  for (const content::TreeEntry& entry : entries) {
    if (entry.kind != content::EntryKind::kFile) continue;
    const auto stat = folder->stat_entry(entry.path);
    const bool same = stat && stat->size == entry.size && stat->mtime == entry.mtime;
    if (same) records.push_back(record_of(*stat, entry.id, entry.path.text()));
  }
  return records;
}

}  // namespace essaim::storage
