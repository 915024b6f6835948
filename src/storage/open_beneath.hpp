// The one place where a path below a folder is resolved.
#pragma once
#include <string>

#include "base/safe_path.hpp"
#include "storage/file_handle.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct OpenHow {
  int flags = 0;      // O_*; O_CLOEXEC is added
  unsigned mode = 0;  // with O_CREAT
};

// Opens `path` below the folder, through no symbolic link: kOutside where there is one on the way or at its end.
[[nodiscard]] Result<FileHandle> open_beneath(int directory_fd, const SafePath& path, const OpenHow& how);
// The same for kernels without openat2 (and sandboxes that forbid it): part by part, each from the descriptor before.
[[nodiscard]] Result<FileHandle> open_by_parts(int directory_fd, const SafePath& path, const OpenHow& how);

// The folder that `path` lies in, and its last part: for calls that take a name in a folder.
class ParentOf {
 public:
  [[nodiscard]] static Result<ParentOf> open(int directory_fd, const SafePath& path);

  [[nodiscard]] int fd() const { return held_.is_open() ? held_.fd() : borrowed_fd_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  ParentOf(FileHandle held, int borrowed_fd, std::string name)
      : held_(std::move(held)), borrowed_fd_(borrowed_fd), name_(std::move(name)) {}

  FileHandle held_;
  int borrowed_fd_;
  std::string name_;
};

}  // namespace essaim::storage
