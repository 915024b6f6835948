#include "storage/rename.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/defence.hpp"

namespace essaim::storage {

Result<void> rename_without_replacing(const NamePair& names) {
  const auto& [from, to] = names;
  const unsigned how = defended(Defence::kNoReplace) ? RENAME_NOREPLACE : 0U;
  if (::renameat2(from.directory_fd, from.name.c_str(), to.directory_fd, to.name.c_str(), how) == 0) {
    return {};
  }
  if (errno == EINVAL || errno == ENOSYS) return rename_by_link(names);
  return fail_errno(to.name);
}

Result<void> rename_by_link(const NamePair& names) {
  const auto& [from, to] = names;
  struct ::stat raw{};
  if (::fstatat(from.directory_fd, from.name.c_str(), &raw, AT_SYMLINK_NOFOLLOW) != 0) return fail_errno(from.name);
  if (!S_ISDIR(raw.st_mode)) {
    if (::linkat(from.directory_fd, from.name.c_str(), to.directory_fd, to.name.c_str(), 0) != 0) {
      return fail_errno(to.name);
    }
    if (::unlinkat(from.directory_fd, from.name.c_str(), 0) != 0) return fail_errno(from.name);
    return {};
  }
  if (::mkdirat(to.directory_fd, to.name.c_str(), 0700) != 0) return fail_errno(to.name);
  if (::renameat(from.directory_fd, from.name.c_str(), to.directory_fd, to.name.c_str()) != 0) {
    const auto failed = fail_errno(to.name);
    ::unlinkat(to.directory_fd, to.name.c_str(), AT_REMOVEDIR);
    return failed;
  }
  return {};
}

}  // namespace essaim::storage
