#include "storage/disk_space.hpp"

#include <algorithm>
#include <sys/statvfs.h>

#include "base/defence.hpp"

namespace essaim::storage {

Result<DiskSpace> disk_space_of(const Directory& directory) {
  struct ::statvfs raw{};
  if (::fstatvfs(directory.fd(), &raw) != 0) return fail_errno("");
  const std::uint64_t unit = raw.f_frsize;
  return DiskSpace{.total_bytes = raw.f_blocks * unit, .free_bytes = raw.f_bavail * unit};
}

std::uint64_t reserve_bytes(std::uint64_t total_bytes) {
  const std::uint64_t wanted = std::max(kReserveBytesMin, total_bytes / 100);
  return std::min(wanted, total_bytes / 16);
}

bool has_room_for(const DiskSpace& space, std::uint64_t bytes) {
  const std::uint64_t reserve = reserve_bytes(space.total_bytes);
  if (!defended(Defence::kFreeSpace)) return true;
  return space.free_bytes >= reserve && space.free_bytes - reserve >= bytes;
}

}  // namespace essaim::storage
