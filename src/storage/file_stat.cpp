#include "storage/file_stat.hpp"

#include <sys/stat.h>

namespace essaim::storage {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::kFile;
  if (S_ISDIR(mode)) return FileKind::kDirectory;
  if (S_ISLNK(mode)) return FileKind::kSymlink;
  return FileKind::kOther;
}

// A time further than 292 years from 1970 becomes the nearest that UnixNanos has.
UnixNanos nanos_of(const timespec& time) {
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(static_cast<std::int64_t>(time.tv_sec), kNanosPerSecond, &nanos) ||
      __builtin_add_overflow(nanos, static_cast<std::int64_t>(time.tv_nsec), &nanos)) {
    return UnixNanos{time.tv_sec < 0 ? INT64_MIN : INT64_MAX};
  }
  return UnixNanos{nanos};
}

}  // namespace

FileStat FileStat::from(const struct ::stat& raw) {
  return {.size = static_cast<std::uint64_t>(raw.st_size),
          .mtime = nanos_of(raw.st_mtim),
          .inode = raw.st_ino,
          .device = raw.st_dev,
          .links = raw.st_nlink,
          .executable = S_ISREG(raw.st_mode) && (raw.st_mode & S_IXUSR) != 0,
          .kind = kind_of(raw.st_mode)};
}

}  // namespace essaim::storage
