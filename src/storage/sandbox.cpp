#include "storage/sandbox.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "storage/file_handle.hpp"

namespace essaim::storage {
namespace {

constexpr std::array kSystemPlaces{"/etc", "/usr", "/lib", "/lib64", "/proc", "/sys", "/dev"};

constexpr std::uint64_t kReadFile = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t kRead = kReadFile | LANDLOCK_ACCESS_FS_READ_DIR;
// Younger than some headers: since ABI 2, 3 and 5.
constexpr std::uint64_t kRefer = std::uint64_t{1} << 13U;
constexpr std::uint64_t kTruncate = std::uint64_t{1} << 14U;
constexpr std::uint64_t kDeviceControl = std::uint64_t{1} << 15U;
// All that ABI 1 knows of; to execute is among it, and granted nowhere.
constexpr std::uint64_t kFirstRights = (std::uint64_t{1} << 13U) - 1;
constexpr std::uint64_t kMakeDevices = LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;

std::uint64_t handled_by(int version) {
  std::uint64_t rights = kFirstRights;
  if (version >= 2) rights |= kRefer;
  if (version >= 3) rights |= kTruncate;
  if (version >= 5) rights |= kDeviceControl;
  return rights;
}

// A file has no entries, so only these of a folder's rights mean something for it.
constexpr std::uint64_t kOfFiles = kReadFile | LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;

Result<void> allow(int ruleset, const std::string& place, std::uint64_t rights) {
  const FileHandle held(::open(place.c_str(), O_PATH | O_CLOEXEC));
  if (!held.is_open() && errno == ENOENT) return {};
  if (!held.is_open()) return fail_errno(place);
  const auto stat = held.stat_of();
  if (!stat) return fail(stat.error());
  if (stat->kind != FileKind::kDirectory) rights &= kOfFiles;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = rights;
  rule.parent_fd = held.fd();
  if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) return fail_errno(place);
  return {};
}

}  // namespace

int sandbox_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

Result<void> enter_sandbox(const SandboxPlaces& places) {
  const std::uint64_t handled = handled_by(sandbox_version());
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = handled;
  // The oldest form of the structure: what later versions added is not asked for.
  const FileHandle ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0)));
  if (!ruleset.is_open()) return fail_errno("");

  const std::uint64_t write = handled & ~(LANDLOCK_ACCESS_FS_EXECUTE | kMakeDevices | kDeviceControl);
  for (const char* const place : kSystemPlaces) {
    if (auto allowed = allow(ruleset.fd(), place, kRead); !allowed) return allowed;
  }
  for (const std::string& place : places.read) {
    if (auto allowed = allow(ruleset.fd(), place, kRead); !allowed) return allowed;
  }
  for (const std::string& place : places.list) {
    if (auto allowed = allow(ruleset.fd(), place, LANDLOCK_ACCESS_FS_READ_DIR); !allowed) return allowed;
  }
  for (const std::string& place : places.write) {
    if (auto allowed = allow(ruleset.fd(), place, write); !allowed) return allowed;
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail_errno("");
  if (::syscall(SYS_landlock_restrict_self, ruleset.fd(), 0) != 0) return fail_errno("");
  return {};
}

}  // namespace essaim::storage
