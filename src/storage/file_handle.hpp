// An open file: positional reads and writes that finish what they begin.
#pragma once
#include <cstdint>
#include <utility>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "storage/file_stat.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// Owns a file descriptor. The const members may be called from several threads at once, because no call uses the
// descriptor's own position; writes from several threads must not overlap.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}
  FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle() { close(); }

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  void close();
  // Gives the descriptor to who takes care of it from now on.
  int release() { return std::exchange(fd_, -1); }

  // Fills all of `into`; kChanged when the file ends before that.
  [[nodiscard]] Result<void> read_exactly_at(std::uint64_t offset, MutableByteView into) const;
  // Writes all of `bytes`, or fails; what a failure leaves behind is undefined.
  [[nodiscard]] Result<void> write_all_at(std::uint64_t offset, ByteView bytes) const;
  // Makes `length` bytes at `offset` read as zeros, as a hole where the file system can. Never changes the file's size.
  [[nodiscard]] Result<void> write_zeros_at(std::uint64_t offset, std::uint64_t length) const;
  [[nodiscard]] Result<void> set_size(std::uint64_t size) const;

  [[nodiscard]] Result<FileStat> stat_of() const;
  [[nodiscard]] Result<void> set_mtime(UnixNanos mtime) const;
  // The permission bits alone, taken as they are (no umask).
  [[nodiscard]] Result<void> set_mode(unsigned mode) const;

  // Bytes and metadata are on the disk when it returns. After a failure the kernel may call the lost pages clean, so a
  // second call proves nothing: the caller gives the file up.
  [[nodiscard]] Result<void> sync() const;
  // The same without metadata that reading does not need.
  [[nodiscard]] Result<void> data_sync() const;

 private:
  int fd_ = -1;
};

// A file just opened, with what it was at that moment.
struct OpenedFile {
  FileHandle handle;
  FileStat stat;
};

}  // namespace essaim::storage
