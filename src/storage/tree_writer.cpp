#include <algorithm>

#include "base/assert.hpp"
#include "storage/tree_target.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

// The staging folder is private, so what is in it may have its final permissions from the start.
constexpr unsigned creation_mode(bool executable) { return executable ? 0777 : 0666; }

SafePath last_part(const SafePath& path) {
  auto name = SafePath::parse(path.name());
  ASSERT(name.has_value());
  return std::move(*name);
}

}  // namespace

Result<const Directory*> TreeWriter::folder_of(const SafePath& path) {
  const std::string_view parent = path.parent_text();
  if (parent.empty()) return &staging_;
  const auto held = std::ranges::find(held_, parent, &HeldFolder::path);
  if (held != held_.end()) {
    std::rotate(held, held + 1, held_.end());
    return &held_.back().directory;
  }
  const auto parent_path = SafePath::parse(parent);
  ASSERT(parent_path.has_value());
  auto opened = staging_.make_directories(*parent_path);
  if (!opened) return fail(opened.error());
  if (held_.size() == kHeldFoldersMax) held_.erase(held_.begin());
  held_.push_back({.path = std::string(parent), .directory = std::move(*opened)});
  return &held_.back().directory;
}

Result<void> TreeWriter::put_small_file(const SafePath& path, ByteView bytes, const FinalMeta& meta) {
  const auto folder = folder_of(path);
  if (!folder) return fail(folder.error());
  const SafePath name = last_part(path);
  auto file = (*folder)->create_file(name, creation_mode(meta.executable));
  if (!file && file.error().kind == Kind::kExists) {
    if (auto removed = (*folder)->remove(name); !removed) return removed;
    file = (*folder)->create_file(name, creation_mode(meta.executable));
  }
  if (!file) return fail(file.error());
  auto done = file->write_all_at(0, bytes);
  if (done) done = file->set_mtime(meta.mtime);
  if (!done) done.error().path = path.text();
  return done;
}

Result<TreeWriter::OpenedForChunks> TreeWriter::open_for_chunks(const SafePath& path, std::uint64_t size) {
  const auto folder = folder_of(path);
  if (!folder) return fail(folder.error());
  const SafePath name = last_part(path);
  auto left = (*folder)->open_file_for_write(name);
  if (left && left->stat.size == size) return OpenedForChunks{.handle = std::move(left->handle), .fresh = false};
  if (left) {
    if (const auto removed = (*folder)->remove(name); !removed) return fail(removed.error());
  } else if (left.error().kind != Kind::kNotFound) {
    return fail(left.error());
  }
  auto file = (*folder)->create_file(name);
  if (!file) return fail(file.error());
  if (auto sized = file->set_size(size); !sized) return fail(storage_error_of(sized.error().errno_value, path.text()));
  return OpenedForChunks{.handle = std::move(*file), .fresh = true};
}

Result<void> TreeWriter::finish_file(const FileHandle& file, const FinalMeta& meta) const {
  const auto done = file.set_mode(creation_mode(meta.executable) & ~umask_);
  return done ? file.set_mtime(meta.mtime) : done;
}

}  // namespace essaim::storage
