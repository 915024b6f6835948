#include "storage/directory.hpp"

#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <climits>

#include "base/assert.hpp"
#include "base/defence.hpp"
#include "storage/file_time.hpp"
#include "storage/open_beneath.hpp"
#include "storage/rename.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

struct CloseDir {
  void operator()(DIR* stream) const { ::closedir(stream); }
};
using DirStream = std::unique_ptr<DIR, CloseDir>;

FileKind kind_of(unsigned char type) {
  switch (type) {
    case DT_REG: return FileKind::kFile;
    case DT_DIR: return FileKind::kDirectory;
    case DT_LNK: return FileKind::kSymlink;
    default: return FileKind::kOther;
  }
}

// Some file systems do not say in a listing what an entry is.
FileKind kind_of_entry(int directory_fd, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return kind_of(entry.d_type);
  struct ::stat raw{};
  if (::fstatat(directory_fd, entry.d_name, &raw, AT_SYMLINK_NOFOLLOW) != 0) return FileKind::kOther;
  return FileStat::from(raw).kind;
}

Result<OpenedFile> regular_file(Result<FileHandle> opened, const SafePath& path) {
  if (!opened) return fail(std::move(opened.error()));
  const auto stat = opened->stat_of();
  if (!stat) return fail(stat.error());
  if (defended(Defence::kRegularFile) && stat->kind != FileKind::kFile)
    return fail_kind(Kind::kNotRegular, path.text());
  return OpenedFile{.handle = std::move(*opened), .stat = *stat};
}

// The flags that keep an open() of a pipe or a device from waiting.
constexpr int kNeverWait = O_NONBLOCK | O_NOCTTY;

}  // namespace

Result<Directory> Directory::open(const std::string& path) {
  FileHandle opened(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return fail_errno(path);
  return Directory(std::move(opened));
}

Result<Directory> Directory::make(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail(storage_error_of(error.value(), path));
  return open(path);
}

Result<Directory> Directory::duplicate() const {
  FileHandle copy(::fcntl(fd(), F_DUPFD_CLOEXEC, 0));
  if (!copy.is_open()) return fail_errno("");
  return Directory(std::move(copy));
}

Result<OpenedFile> Directory::open_file_for_read(const SafePath& path) const {
  return regular_file(open_beneath(fd(), path, {.flags = O_RDONLY | kNeverWait, .mode = 0}), path);
}

Result<OpenedFile> Directory::open_file_for_write(const SafePath& path) const {
  auto opened = regular_file(open_beneath(fd(), path, {.flags = O_RDWR | kNeverWait, .mode = 0}), path);
  // A second name could be anyone's file.
  if (defended(Defence::kSecondName) && opened && opened->stat.links != 1)
    return fail_kind(Kind::kNotRegular, path.text());
  return opened;
}

Result<FileHandle> Directory::create_file(const SafePath& path, unsigned mode) const {
  return open_beneath(fd(), path, {.flags = O_RDWR | O_CREAT | O_EXCL, .mode = mode});
}

Result<Directory> Directory::open_directory(const SafePath& path) const {
  auto opened = open_beneath(fd(), path, {.flags = O_RDONLY | O_DIRECTORY, .mode = 0});
  if (!opened) return fail(std::move(opened.error()));
  return Directory(std::move(*opened));
}

Result<void> Directory::make_directory(const SafePath& path, unsigned mode) const {
  const auto parent = ParentOf::open(fd(), path);
  if (!parent) return fail(parent.error());
  if (::mkdirat(parent->fd(), parent->name().c_str(), mode) != 0) return fail_errno(path.text());
  return {};
}

Result<Directory> Directory::make_directories(const SafePath& path, unsigned mode) const {
  auto there = open_directory(path);
  if (there || there.error().kind != Kind::kNotFound) return there;
  Result<Directory> at = duplicate();
  for (const std::string_view part : path.parts()) {
    if (!at) return at;
    const auto name = SafePath::parse(part);
    ASSERT(name.has_value());
    const auto made = at->make_directory(*name, mode);
    if (!made && made.error().kind != Kind::kExists) return fail(made.error());
    at = at->open_directory(*name);
  }
  return at;
}

Result<std::vector<DirectoryEntry>> Directory::list() const {
  // Opened anew, since a copy of the descriptor would share its reading position.
  FileHandle reader(::openat(fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!reader.is_open()) return fail_errno("");
  const DirStream stream(::fdopendir(reader.fd()));
  if (!stream) return fail_errno("");
  reader.release();  // closedir() closes it
  std::vector<DirectoryEntry> entries;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr && errno != 0) return fail_errno("");
    if (entry == nullptr) return entries;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (entries.size() == kDirectoryEntriesMax) return fail_kind(Kind::kTooLarge, "");
    entries.push_back({.name = std::string(name), .kind = kind_of_entry(fd(), *entry)});
  }
}

Result<FileStat> Directory::stat_entry(const SafePath& path) const {
  const auto parent = ParentOf::open(fd(), path);
  if (!parent) return fail(parent.error());
  struct ::stat raw{};
  if (::fstatat(parent->fd(), parent->name().c_str(), &raw, AT_SYMLINK_NOFOLLOW) != 0) return fail_errno(path.text());
  return FileStat::from(raw);
}

Result<std::string> Directory::read_link(const SafePath& path) const {
  const auto parent = ParentOf::open(fd(), path);
  if (!parent) return fail(parent.error());
  std::array<char, PATH_MAX> target{};
  const ssize_t length = ::readlinkat(parent->fd(), parent->name().c_str(), target.data(), target.size());
  if (length < 0) return fail_errno(path.text());
  return std::string(target.data(), static_cast<std::size_t>(length));
}

Result<void> Directory::make_symlink(const SafePath& path, const std::string& target) const {
  const auto parent = ParentOf::open(fd(), path);
  if (!parent) return fail(parent.error());
  if (::symlinkat(target.c_str(), parent->fd(), parent->name().c_str()) != 0) return fail_errno(path.text());
  return {};
}

Result<void> Directory::rename_no_replace(Rename names) const {
  const auto from = ParentOf::open(fd(), names.from);
  if (!from) return fail(from.error());
  const auto to = ParentOf::open(fd(), names.to);
  if (!to) return fail(to.error());
  return rename_without_replacing({.from = {from->fd(), from->name()}, .to = {to->fd(), to->name()}});
}

Result<void> Directory::rename_over(Rename names) const {
  const auto from = ParentOf::open(fd(), names.from);
  if (!from) return fail(from.error());
  const auto to = ParentOf::open(fd(), names.to);
  if (!to) return fail(to.error());
  if (::renameat(from->fd(), from->name().c_str(), to->fd(), to->name().c_str()) != 0) {
    return fail_errno(names.to.text());
  }
  return {};
}

Result<void> Directory::remove(const SafePath& path) const {
  const auto parent = ParentOf::open(fd(), path);
  if (!parent) return fail(parent.error());
  if (::unlinkat(parent->fd(), parent->name().c_str(), 0) == 0) return {};
  // Linux says EISDIR for a folder, POSIX allows EPERM.
  const int error = errno;
  if ((error == EISDIR || error == EPERM) && ::unlinkat(parent->fd(), parent->name().c_str(), AT_REMOVEDIR) == 0) {
    return {};
  }
  return fail(storage_error_of(error == EISDIR ? errno : error, path.text()));
}

Result<void> Directory::set_mtime(const SafePath& path, UnixNanos mtime) const {
  const auto parent = ParentOf::open(fd(), path);
  if (!parent) return fail(parent.error());
  if (::utimensat(parent->fd(), parent->name().c_str(), mtime_only(mtime).data(), AT_SYMLINK_NOFOLLOW) != 0) {
    return fail_errno(path.text());
  }
  return {};
}

Result<void> Directory::sync() const {
  if (::fsync(fd()) == 0) return {};
  // Some network file systems have nothing to sync about a folder and say so.
  if (errno == EINVAL || errno == ENOTSUP) return {};
  return fail_errno("");
}

Result<void> Directory::sync_filesystem() const {
  if (::syncfs(fd()) != 0) return fail_errno("");
  return {};
}

}  // namespace essaim::storage
