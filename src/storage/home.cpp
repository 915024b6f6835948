#include "storage/home.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.hpp"

namespace essaim::storage {
namespace {

SafePath fixed_name(std::string_view name) {
  auto path = SafePath::parse(name);
  ASSERT(path.has_value());
  return *path;
}

// 0 when the file does not say.
std::int64_t pid_in(const FileHandle& file) {
  std::array<char, 24> text{};
  const ssize_t length = ::pread(file.fd(), text.data(), text.size(), 0);
  std::int64_t pid = 0;
  if (length > 0) std::from_chars(text.data(), text.data() + length, pid);
  return pid;
}

Result<FileHandle> open_lock_file(const Directory& home) {
  const SafePath name = fixed_name("lock");
  auto created = home.create_file(name);
  if (created || created.error().kind != StorageError::Kind::kExists) return created;
  auto opened = home.open_file_for_write(name);
  if (!opened) return fail(opened.error());
  return std::move(opened->handle);
}

Result<Directory> make_private(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const auto made = Directory::make(parent.string());
  if (!made) return fail(made.error());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno(path);
  return Directory::open(path);
}

}  // namespace

std::string resolve_home(const HomeHints& hints) {
  if (!hints.chosen.empty()) return hints.chosen;
  if (!hints.essaim_home.empty()) return hints.essaim_home;
  if (hints.xdg_data_home.starts_with('/')) return hints.xdg_data_home + "/essaim";
  if (!hints.user_home.empty()) return hints.user_home + "/.local/share/essaim";
  return {};
}

Result<Home> Home::open(const std::string& path) {
  if (path.empty()) return fail_kind(StorageError::Kind::kNotFound, path);
  std::error_code error;
  const std::string absolute = std::filesystem::absolute(path, error).lexically_normal().string();
  if (error) return fail(storage_error_of(error.value(), path));
  const std::string trimmed = absolute.ends_with('/') ? absolute.substr(0, absolute.size() - 1) : absolute;
  auto directory = make_private(trimmed);
  if (!directory) return fail(directory.error());
  auto trees = directory->make_directories(fixed_name("trees"), 0700);
  if (!trees) return fail(trees.error());
  return Home(trimmed, std::move(*directory), std::move(*trees));
}

Result<HomeLock> Home::lock() const {
  auto file = open_lock_file(directory_);
  if (!file) return fail(file.error());
  if (::flock(file->fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno(path_ + "/lock");
    return fail(StorageError{
        .kind = StorageError::Kind::kLocked, .errno_value = EWOULDBLOCK, .path = path_, .holder_pid = pid_in(*file)});
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  auto written = file->set_size(0);
  if (written) written = file->write_all_at(0, as_bytes(pid));
  if (!written) return fail(written.error());
  return HomeLock(std::move(*file));
}

}  // namespace essaim::storage
