// How much room a disk has, and how much of it is ours to use.
#pragma once
#include <cstdint>

#include "base/bytes.hpp"
#include "storage/directory.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct DiskSpace {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;  // to a process without privileges
};

[[nodiscard]] Result<DiskSpace> disk_space_of(const Directory& directory);

// What a download leaves free, so that the machine stays usable: 1 % of the disk, at least 512 MiB; on a disk too
// small for that (a stick, a memory disk), a sixteenth of it.
inline constexpr std::uint64_t kReserveBytesMin = 512 * kMiB;
[[nodiscard]] std::uint64_t reserve_bytes(std::uint64_t total_bytes);
// May `bytes` more be written?
[[nodiscard]] bool has_room_for(const DiskSpace& space, std::uint64_t bytes);

}  // namespace essaim::storage
