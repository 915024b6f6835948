// A folder held open, and everything that is done below it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/safe_path.hpp"
#include "base/time.hpp"
#include "storage/file_handle.hpp"
#include "storage/file_stat.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct DirectoryEntry {
  std::string name;  // as the disk has it: perhaps not UTF-8, perhaps with control characters
  FileKind kind = FileKind::kOther;
};

inline constexpr std::size_t kDirectoryEntriesMax = 1'000'000;
// No staging folder is deeper, and every level costs a descriptor.
inline constexpr std::size_t kRemoveDepthMax = kPathDepthMax + 1;

// A directory descriptor. Every path below it is a SafePath and is resolved by openat2 with RESOLVE_BENEATH,
// RESOLVE_NO_SYMLINKS and RESOLVE_NO_MAGICLINKS (where the kernel has no openat2: part by part with O_NOFOLLOW); all
// other calls are made on the held descriptor of the parent with a single name. So whoever swaps a folder for a
// symbolic link, before a call or during it, gets kOutside and never leads us out.
//
// The const members may be called from several threads at once.
class Directory {
 public:
  // The one door for a path that a person chose: links on the way are followed.
  [[nodiscard]] static Result<Directory> open(const std::string& path);
  // The same, making the folder and its parents where they miss (mode 0777 less the umask).
  [[nodiscard]] static Result<Directory> make(const std::string& path);

  [[nodiscard]] int fd() const { return handle_.fd(); }
  // Another descriptor of the same folder.
  [[nodiscard]] Result<Directory> duplicate() const;

  // Regular files only (kNotRegular else); never blocks on a pipe.
  [[nodiscard]] Result<OpenedFile> open_file_for_read(const SafePath& path) const;
  // An existing regular file with one name only, for reading and writing.
  [[nodiscard]] Result<OpenedFile> open_file_for_write(const SafePath& path) const;
  // A new file, for reading and writing; kExists where the name is taken. `mode` is cut by the umask.
  [[nodiscard]] Result<FileHandle> create_file(const SafePath& path, unsigned mode = 0600) const;

  [[nodiscard]] Result<Directory> open_directory(const SafePath& path) const;
  // Makes the last part of the path only; kExists where the name is taken.
  [[nodiscard]] Result<void> make_directory(const SafePath& path, unsigned mode = 0777) const;
  // Makes what misses of the path; the folder may be there already.
  [[nodiscard]] Result<Directory> make_directories(const SafePath& path, unsigned mode = 0777) const;

  // All entries but "." and "..", in the disk's order; kTooLarge beyond kDirectoryEntriesMax.
  [[nodiscard]] Result<std::vector<DirectoryEntry>> list() const;
  // Of the entry itself, not of what a link leads to.
  [[nodiscard]] Result<FileStat> stat_entry(const SafePath& path) const;
  [[nodiscard]] Result<std::string> read_link(const SafePath& path) const;
  [[nodiscard]] Result<void> make_symlink(const SafePath& path, const std::string& target) const;

  struct Rename {
    const SafePath& from;
    const SafePath& to;
  };
  // Atomic; kExists, and nothing done, where `to` is taken.
  [[nodiscard]] Result<void> rename_no_replace(Rename names) const;
  // Atomic; what stands at `to` is replaced. For our own files in the home only.
  [[nodiscard]] Result<void> rename_over(Rename names) const;

  // A file, a link or an empty folder.
  [[nodiscard]] Result<void> remove(const SafePath& path) const;
  // A folder with all below it. Links are removed, never followed. Removes what it can and answers the first error;
  // kTooLarge for what lies deeper than kRemoveDepthMax levels. (directory_remove.cpp)
  [[nodiscard]] Result<void> remove_tree(const SafePath& path) const;

  // Of the entry itself, not of what a link leads to.
  [[nodiscard]] Result<void> set_mtime(const SafePath& path, UnixNanos mtime) const;
  // Of this folder.
  [[nodiscard]] Result<void> set_mode(unsigned mode) const { return handle_.set_mode(mode); }

  // Names made, moved and removed in this folder are on the disk when it returns.
  [[nodiscard]] Result<void> sync() const;
  // Everything written to this folder's file system is on the disk when it returns.
  [[nodiscard]] Result<void> sync_filesystem() const;
  [[nodiscard]] Result<FileStat> stat_of() const { return handle_.stat_of(); }

 private:
  explicit Directory(FileHandle handle) : handle_(std::move(handle)) {}

  FileHandle handle_;
};

}  // namespace essaim::storage
