// What the file system says about a file.
#pragma once
#include <cstdint>

#include "base/time.hpp"

struct stat;

namespace essaim::storage {

enum class FileKind : std::uint8_t { kFile, kDirectory, kSymlink, kOther };

// Equal fingerprints mean: not changed since, so not to be read again. (The hasher sees to it that a file changed
// within one tick of the kernel's clock is not taken for unchanged.)
struct Fingerprint {
  std::uint64_t size = 0;
  UnixNanos mtime{};
  std::uint64_t inode = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

struct FileStat {
  std::uint64_t size = 0;  // bytes
  UnixNanos mtime{};
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint64_t links = 0;
  bool executable = false;  // by its owner
  FileKind kind = FileKind::kOther;

  [[nodiscard]] static FileStat from(const struct ::stat& raw);
  [[nodiscard]] Fingerprint fingerprint() const { return {size, mtime, inode}; }
  friend bool operator==(const FileStat&, const FileStat&) = default;
};

}  // namespace essaim::storage
