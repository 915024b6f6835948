#include "storage/open_beneath.hpp"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "base/assert.hpp"
#include "base/defence.hpp"

namespace essaim::storage {
namespace {

constexpr int kFolderOnTheWay = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// openat2 answers EAGAIN when a rename elsewhere makes it unsure that ".." was not needed.
constexpr int kOpenTriesMax = 16;

int openat2_call(int directory_fd, const std::string& path, const OpenHow& how) {
  open_how arguments{};
  arguments.flags = static_cast<std::uint64_t>(how.flags | O_CLOEXEC);
  arguments.mode = how.mode;
  if (defended(Defence::kBeneath)) arguments.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  for (int tries = 0;; ++tries) {
    const long fd = ::syscall(SYS_openat2, directory_fd, path.c_str(), &arguments, sizeof arguments);
    const bool again = fd < 0 && (errno == EINTR || errno == EAGAIN) && tries < kOpenTriesMax;
    if (!again) return static_cast<int>(fd);
  }
}

int openat_call(int directory_fd, const std::string& name, const OpenHow& how) {
  while (true) {
    const int fd = ::openat(directory_fd, name.c_str(), how.flags | O_CLOEXEC | O_NOFOLLOW, how.mode);
    if (fd >= 0 || errno != EINTR) return fd;
  }
}

// With O_DIRECTORY a symbolic link is answered by ENOTDIR; say kOutside, as openat2 does.
StorageError part_error(int directory_fd, const std::string& name, const SafePath& path) {
  const int error = errno;
  char target = 0;
  if (error == ENOTDIR && ::readlinkat(directory_fd, name.c_str(), &target, 1) >= 0) {
    return storage_error_of(ELOOP, path.text());
  }
  return storage_error_of(error, path.text());
}

}  // namespace

Result<FileHandle> open_by_parts(int directory_fd, const SafePath& path, const OpenHow& how) {
  FileHandle held;
  int at = directory_fd;
  const std::vector<std::string_view> parts = path.parts();
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::string name(parts[i]);
    FileHandle next(openat_call(at, name, {.flags = kFolderOnTheWay, .mode = 0}));
    if (!next.is_open()) return fail(part_error(at, name, path));
    held = std::move(next);
    at = held.fd();
  }
  const std::string name(parts.back());
  FileHandle opened(openat_call(at, name, how));
  if (!opened.is_open()) return fail(part_error(at, name, path));
  return opened;
}

Result<FileHandle> open_beneath(int directory_fd, const SafePath& path, const OpenHow& how) {
  FileHandle opened(openat2_call(directory_fd, path.text(), how));
  if (opened.is_open()) return opened;
  // EPERM: how some sandboxes refuse calls that they do not know. Where it is the file's own, it comes again.
  if (errno == ENOSYS || errno == EPERM) return open_by_parts(directory_fd, path, how);
  return fail_errno(path.text());
}

Result<ParentOf> ParentOf::open(int directory_fd, const SafePath& path) {
  const std::string_view parent_text = path.parent_text();
  if (parent_text.empty()) return ParentOf(FileHandle(), directory_fd, path.text());
  const auto parent = SafePath::parse(parent_text);
  ASSERT(parent.has_value());
  auto held = open_beneath(directory_fd, *parent, {.flags = O_PATH | O_DIRECTORY, .mode = 0});
  if (!held) return fail(std::move(held.error()));
  return ParentOf(std::move(*held), -1, std::string(path.name()));
}

}  // namespace essaim::storage
