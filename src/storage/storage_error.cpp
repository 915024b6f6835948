#include "storage/storage_error.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

Kind kind_of(int errno_value) {
  switch (errno_value) {
    case ENOENT: return Kind::kNotFound;
    case EACCES:
    case EPERM: return Kind::kPermission;
    case ENOSPC:
    case EDQUOT: return Kind::kDiskFull;
    case EROFS: return Kind::kReadOnly;
    case EEXIST:
    case ENOTEMPTY: return Kind::kExists;
    case ELOOP:
    case EXDEV: return Kind::kOutside;
    case ENXIO: return Kind::kNotRegular;
    case EISDIR: return Kind::kNotRegular;
    case ENOTDIR: return Kind::kNotDirectory;
    case EMFILE:
    case ENFILE: return Kind::kTooManyOpen;
    case EFBIG:
    case ENAMETOOLONG: return Kind::kTooLarge;
    default: return Kind::kIo;
  }
}

std::string_view advice_for(Kind kind) {
  switch (kind) {
    case Kind::kNotFound: return "Check the path";
    case Kind::kPermission: return "Change its permissions or its owner";
    case Kind::kDiskFull: return "Free some space; the transfer goes on by itself";
    case Kind::kReadOnly: return "Choose another place, or mount it writable";
    case Kind::kExists: return "Choose another name, or move what is there";
    case Kind::kChanged: return "Try again when nobody writes to it";
    case Kind::kOutside: return "Give the real path, without symbolic links";
    case Kind::kNotRegular: return "Only files, folders and links can be shared";
    case Kind::kNotDirectory: return "Give the path of a folder";
    case Kind::kLocked: return "Stop that one first, or use another --home";
    case Kind::kCorrupt: return "Move it aside; what can be found again is found again";
    case Kind::kNewer: return "Use the newer version, or another --home";
    case Kind::kTooManyOpen: return "Raise the limit with `ulimit -n`, or wait until transfers are done";
    case Kind::kTooLarge: return "Use shorter names or smaller parts, or a file system that takes it";
    case Kind::kWatchLimit: return "Raise it: sudo sysctl fs.inotify.max_user_watches=1048576";
    case Kind::kCancelled: return "Start it again when you like";
    case Kind::kIo: return "Check the disk and its cable; the system log may say more";
  }
  return "";
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kNotFound: return "there is no such file or folder";
    case Kind::kPermission: return "permission is denied";
    case Kind::kDiskFull: return "the disk is full";
    case Kind::kReadOnly: return "the file system is read-only";
    case Kind::kExists: return "something is there already";
    case Kind::kChanged: return "the file changed while it was used";
    case Kind::kOutside: return "the path leads through a symbolic link";
    case Kind::kNotRegular: return "it is not a regular file";
    case Kind::kNotDirectory: return "it is not a folder";
    case Kind::kLocked: return "another process uses it";
    case Kind::kCorrupt: return "it is damaged";
    case Kind::kNewer: return "it was written by a newer version";
    case Kind::kTooManyOpen: return "too many files are open";
    case Kind::kTooLarge: return "it is larger than allowed here";
    case Kind::kWatchLimit: return "the system watches no more folders for changes";
    case Kind::kCancelled: return "it was cancelled";
    case Kind::kIo: return "the disk could not do it";
  }
  return "unknown";
}

std::string describe(const StorageError& error) {
  std::string text = error.path.empty() ? std::string() : error.path + ": ";
  text += to_string(error.kind);
  if (error.kind == Kind::kLocked && error.holder_pid > 0) text += fmt::format(" (process {})", error.holder_pid);
  if (error.kind == Kind::kIo && error.errno_value != 0) {
    char buffer[128];
    text += fmt::format(" ({})", strerror_r(error.errno_value, buffer, sizeof buffer));
  }
  return fmt::format("{}. {}.", text, advice_for(error.kind));
}

StorageError storage_error_of(int errno_value, std::string_view path) {
  return {.kind = kind_of(errno_value), .errno_value = errno_value, .path = std::string(path), .holder_pid = 0};
}

std::unexpected<StorageError> fail_errno(std::string_view path) { return fail(storage_error_of(errno, path)); }

std::unexpected<StorageError> fail_kind(Kind kind, std::string_view path) {
  return fail(StorageError{.kind = kind, .errno_value = 0, .path = std::string(path), .holder_pid = 0});
}

}  // namespace essaim::storage
