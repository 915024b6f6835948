#include "storage/tree_target.hpp"

#include <algorithm>

#include "content/tree_entry.hpp"
#include "storage/part_name.hpp"
#include "storage/publish.hpp"

namespace essaim::storage {

using Kind = StorageError::Kind;

TreeTarget::TreeTarget(Directory parent, SafePath name, SafePath staging_name, Directory staging)
    : parent_(std::move(parent)),
      name_(std::move(name)),
      staging_name_(std::move(staging_name)),
      staging_(std::move(staging)),
      umask_(process_umask()) {}

Result<TreeTarget> TreeTarget::create(Directory parent, SafePath name) {
  for (unsigned attempt = 1; attempt <= kClashNamesMax; ++attempt) {
    const SafePath staging_name = part_name_of(name, attempt);
    const auto made = parent.make_directory(staging_name, 0700);
    if (!made && made.error().kind == Kind::kExists) continue;
    if (!made) return fail(made.error());
    return resume(std::move(parent), std::move(name), staging_name);
  }
  return fail_kind(Kind::kExists, name.text());
}

Result<TreeTarget> TreeTarget::resume(Directory parent, SafePath name, const SafePath& staging_name) {
  auto staging = parent.open_directory(staging_name);
  if (!staging) return fail(staging.error());
  return TreeTarget(std::move(parent), std::move(name), staging_name, std::move(*staging));
}

Result<TreeWriter> TreeTarget::make_writer() const {
  auto staging = staging_.duplicate();
  if (!staging) return fail(staging.error());
  return TreeWriter(std::move(*staging), umask_);
}

Result<void> TreeTarget::put_folder(const SafePath& path, UnixNanos mtime) {
  const auto made = staging_.make_directories(path);
  if (!made) return fail(made.error());
  folder_times_.push_back({.path = path, .mtime = mtime});
  return {};
}

Result<void> TreeTarget::put_symlink(const SafePath& path, std::string target) {
  if (!content::target_stays_inside(path, target)) return fail_kind(Kind::kOutside, path.text());
  links_.push_back({.path = path, .target = std::move(target)});
  return {};
}

Result<void> TreeTarget::make_links() {
  for (const PlannedLink& link : links_) {
    auto made = staging_.make_symlink(link.path, link.target);
    if (!made && made.error().kind == Kind::kExists) {
      // Left by a finish() that did not get to its end.
      if (const auto there = staging_.read_link(link.path); there && *there == link.target) made = {};
    }
    if (!made) return made;
  }
  return {};
}

// Deepest first, because making or timing an entry changes its folder's time: in path order a folder stands before
// what is in it.
Result<void> TreeTarget::set_folder_times() {
  std::ranges::sort(folder_times_, std::ranges::greater{}, &PlannedTime::path);
  for (const PlannedTime& folder : folder_times_) {
    if (auto set = staging_.set_mtime(folder.path, folder.mtime); !set) return set;
  }
  return {};
}

Result<void> TreeTarget::checkpoint() {
  const std::lock_guard lock(sync_->mutex);
  if (sync_->failed) return fail_kind(Kind::kIo, staging_name_.text());
  auto synced = staging_.sync_filesystem();
  sync_->failed = !synced;
  return synced;
}

Result<std::string> TreeTarget::finish() {
  auto done = make_links();
  if (done) done = set_folder_times();
  if (!done) return fail(done.error());
  if (auto synced = checkpoint(); !synced) return fail(synced.error());
  if (auto opened = staging_.set_mode(0777U & ~umask_); !opened) return fail(opened.error());
  return publish(parent_, {.from = staging_name_, .wanted = name_});
}

Result<void> TreeTarget::discard() { return parent_.remove_tree(staging_name_); }

}  // namespace essaim::storage
