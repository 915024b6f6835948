// Giving something its final name without taking anyone else's.
#pragma once
#include <string>

#include "storage/storage_error.hpp"

namespace essaim::storage {

// A name in a folder held open.
struct NameIn {
  int directory_fd;
  const std::string& name;
};
struct NamePair {
  NameIn from;
  NameIn to;
};

// Atomic; kExists, and nothing done, where the new name is taken. By renameat2(RENAME_NOREPLACE), or, on file systems
// that lack it (NFS), by rename_by_link().
[[nodiscard]] Result<void> rename_without_replacing(const NamePair& names);

// The same in calls that every file system has. A file: link() to the new name, which fails where it is taken, then
// unlink() of the old. A folder: mkdir() of the new name, which fails where it is taken, then rename() onto it, which
// fails unless it is still empty.
[[nodiscard]] Result<void> rename_by_link(const NamePair& names);

}  // namespace essaim::storage
