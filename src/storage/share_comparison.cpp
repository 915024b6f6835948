#include "storage/share_comparison.hpp"

#include <algorithm>
#include <compare>
#include <utility>

namespace essaim::storage {
namespace {

// Tree order on texts: '/' counts as less than any byte that a name has.
bool before(std::string_view left, std::string_view right) {
  const auto rank = [](char c) { return c == '/' ? 0U : static_cast<unsigned char>(c) + 1U; };
  return std::ranges::lexicographical_compare(left, right, std::ranges::less{}, rank, rank);
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

FileRecord record_of(const ScannedEntry& entry) {
  FileRecord record;
  record.path = entry.path;
  record.kind = entry.stat.kind;
  record.size = entry.stat.kind == FileKind::kFile ? entry.stat.size : 0;
  record.mtime = entry.stat.mtime;
  record.inode = entry.stat.inode;
  record.executable = entry.stat.executable;
  record.link_target = entry.link_target;
  return record;
}

bool same_file(const FileRecord& known, const FileRecord& seen) {
  return known.kind == FileKind::kFile && known.fingerprint() == seen.fingerprint() &&
         known.executable == seen.executable && known.content_id.has_value();
}

}  // namespace

Result<void> ShareComparison::read_known() {
  auto next = actions_.next_known();
  if (!next) return fail(std::move(next.error()));
  known_ = std::move(*next);
  return {};
}

Result<std::optional<FileRecord>> ShareComparison::take_known(std::string_view path) {
  if (!std::exchange(begun_, true)) {
    if (auto read = read_known(); !read) return fail(std::move(read.error()));
  }
  while (known_ && before(known_->path, path)) {
    actions_.remove(std::move(known_->path));
    if (auto read = read_known(); !read) return fail(std::move(read.error()));
  }
  if (!known_ || known_->path != path) return std::nullopt;
  std::optional<FileRecord> taken = std::move(known_);
  if (auto read = read_known(); !read) return fail(std::move(read.error()));
  return taken;
}

Result<void> ShareComparison::on_entry(const ScannedEntry& entry) {
  leave_folders_without(entry.path);
  const auto known = take_known(entry.path);
  if (!known) return fail(known.error());
  if (entry.stat.kind == FileKind::kDirectory) {
    on_folder(entry, *known);
    return {};
  }
  FileRecord seen = record_of(entry);
  if (seen.kind == FileKind::kSymlink) {
    if (!*known || **known != seen) actions_.put(std::move(seen));
    return {};
  }
  if (!folders_.empty()) folders_.back().size += seen.size;
  if (!*known || !same_file(**known, seen)) actions_.hash(seen);
  return {};
}

void ShareComparison::on_folder(const ScannedEntry& entry, const std::optional<FileRecord>& known) {
  FileRecord seen = record_of(entry);
  const std::uint64_t known_size = known && known->kind == FileKind::kDirectory ? known->size : 0;
  seen.size = known_size;
  if (!known || *known != seen) actions_.put(seen);
  folders_.push_back({.record = std::move(seen), .told_size = known_size, .size = 0});
}

void ShareComparison::leave_folders_without(std::string_view path) {
  while (!folders_.empty() && !is_below(path, folders_.back().record.path)) leave_folder();
}

void ShareComparison::leave_folder() {
  OpenFolder folder = std::move(folders_.back());
  folders_.pop_back();
  if (!folders_.empty()) folders_.back().size += folder.size;
  if (folder.size == folder.told_size) return;
  folder.record.size = folder.size;
  actions_.put(std::move(folder.record));
}

Result<void> ShareComparison::finish() {
  while (!folders_.empty()) leave_folder();
  if (!begun_) {
    if (auto read = read_known(); !read) return read;
  }
  while (known_) {
    actions_.remove(std::move(known_->path));
    if (auto read = read_known(); !read) return read;
  }
  return {};
}

}  // namespace essaim::storage
