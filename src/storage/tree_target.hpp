// A folder while it is downloaded: a staging folder beside its destination, renamed when all is in it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/safe_path.hpp"
#include "base/time.hpp"
#include "storage/directory.hpp"
#include "storage/file_handle.hpp"
#include "storage/part_file.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// Writes files into a staging folder. Each thread that does so has one of its own (TreeTarget::make_writer): it keeps
// the folders it used last open, so a file costs no walk from the root, and shares nothing with the others.
class TreeWriter {
 public:
  // A whole file, checked before, in one go; what an interrupted run left under its name is replaced. Missing folders
  // are made.
  [[nodiscard]] Result<void> put_small_file(const SafePath& path, ByteView bytes, const FinalMeta& meta);

  // A file to be written chunk by chunk; what an interrupted run left of it, of the same size, is kept. `fresh` tells
  // that nothing was there.
  struct OpenedForChunks {
    FileHandle handle;
    bool fresh = true;
  };
  [[nodiscard]] Result<OpenedForChunks> open_for_chunks(const SafePath& path, std::uint64_t size);
  // When every chunk of it is written and checked.
  [[nodiscard]] Result<void> finish_file(const FileHandle& file, const FinalMeta& meta) const;

 private:
  friend class TreeTarget;
  TreeWriter(Directory staging, unsigned umask) : staging_(std::move(staging)), umask_(umask) {}
  [[nodiscard]] Result<const Directory*> folder_of(const SafePath& path);

  struct HeldFolder {
    std::string path;
    Directory directory;
  };
  Directory staging_;
  unsigned umask_;
  std::vector<HeldFolder> held_;  // the latest used last
};

inline constexpr std::size_t kHeldFoldersMax = 16;

// Specification
//  - Nothing is under the final name before all of it is written and synced; the staging folder has mode 0700.
//  - Files get their final names inside the staging folder at once and are not synced one by one: after any stop but a
//    clean one, a file found there is a claim, to be hashed before it counts (storage/existing.hpp).
//  - Symbolic links are made last, so nothing is ever written through one of ours.
//  - A final name never replaces another: `name`, else `name (2)`, and so on.
// Used by one thread; its writers by one each, and none while finish() or discard() runs.
class TreeTarget {
 public:
  // The first staging name that is free. `name` is one part.
  [[nodiscard]] static Result<TreeTarget> create(Directory parent, SafePath name);
  [[nodiscard]] static Result<TreeTarget> resume(Directory parent, SafePath name, const SafePath& staging_name);

  [[nodiscard]] const SafePath& staging_name() const { return staging_name_; }
  [[nodiscard]] const Directory& staging() const { return staging_; }
  [[nodiscard]] Result<TreeWriter> make_writer() const;

  // May be there already.
  [[nodiscard]] Result<void> put_folder(const SafePath& path, UnixNanos mtime);
  // kOutside, and nothing kept, for a target that content::target_stays_inside() refuses.
  [[nodiscard]] Result<void> put_symlink(const SafePath& path, std::string target);

  // All that was written before is on the disk when it returns. May be called while writers write, and by any thread.
  [[nodiscard]] Result<void> checkpoint();
  // Makes the links, sets the folders' times, syncs the file system, renames. Durable when it returns the final name.
  [[nodiscard]] Result<std::string> finish();
  [[nodiscard]] Result<void> discard();

 private:
  TreeTarget(Directory parent, SafePath name, SafePath staging_name, Directory staging);
  [[nodiscard]] Result<void> make_links();
  [[nodiscard]] Result<void> set_folder_times();

  struct PlannedLink {
    SafePath path;
    std::string target;
  };
  struct PlannedTime {
    SafePath path;
    UnixNanos mtime;
  };

  Directory parent_;
  SafePath name_;
  SafePath staging_name_;
  Directory staging_;
  unsigned umask_;
  // After a sync has failed no later success means anything, so one thread at a time syncs and looks at that.
  struct Sync {
    std::mutex mutex;
    bool failed = false;
  };
  std::unique_ptr<Sync> sync_ = std::make_unique<Sync>();
  std::vector<PlannedLink> links_;
  std::vector<PlannedTime> folder_times_;
};

}  // namespace essaim::storage
