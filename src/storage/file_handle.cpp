#include "storage/file_handle.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/file_time.hpp"

namespace essaim::storage {
namespace {

constexpr std::size_t kZerosBytes = 64 * kKiB;

// Errors of a descriptor carry no path: the caller knows which file it is.
constexpr std::string_view kNoPath;

}  // namespace

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void FileHandle::close() {
  // Not repeated on EINTR: Linux has freed the number by then. What was to be kept was synced before.
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<void> FileHandle::read_exactly_at(std::uint64_t offset, MutableByteView into) const {
  while (!into.empty()) {
    const ssize_t got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(kNoPath);
    if (got == 0) return fail_kind(StorageError::Kind::kChanged, kNoPath);
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<void> FileHandle::write_all_at(std::uint64_t offset, ByteView bytes) const {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno(kNoPath);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return {};
}

Result<void> FileHandle::write_zeros_at(std::uint64_t offset, std::uint64_t length) const {
  if (length == 0) return {};
  constexpr int kPunch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  if (::fallocate(fd_, kPunch, static_cast<off_t>(offset), static_cast<off_t>(length)) == 0) return {};
  static constexpr std::array<std::uint8_t, kZerosBytes> kZeros{};
  while (length > 0) {
    const std::uint64_t step = std::min<std::uint64_t>(length, kZeros.size());
    const auto written = write_all_at(offset, ByteView(kZeros).first(step));
    if (!written) return written;
    offset += step;
    length -= step;
  }
  return {};
}

Result<void> FileHandle::set_size(std::uint64_t size) const {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return fail_errno(kNoPath);
  return {};
}

Result<FileStat> FileHandle::stat_of() const {
  struct ::stat raw{};
  if (::fstat(fd_, &raw) != 0) return fail_errno(kNoPath);
  return FileStat::from(raw);
}

Result<void> FileHandle::set_mtime(UnixNanos mtime) const {
  if (::futimens(fd_, mtime_only(mtime).data()) != 0) return fail_errno(kNoPath);
  return {};
}

Result<void> FileHandle::set_mode(unsigned mode) const {
  if (::fchmod(fd_, mode) != 0) return fail_errno(kNoPath);
  return {};
}

Result<void> FileHandle::sync() const {
  if (::fsync(fd_) != 0) return fail_errno(kNoPath);
  return {};
}

Result<void> FileHandle::data_sync() const {
  if (::fdatasync(fd_) != 0) return fail_errno(kNoPath);
  return {};
}

}  // namespace essaim::storage
