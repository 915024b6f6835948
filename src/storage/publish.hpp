// The last step of a download, and the first: taking a name that is free.
#pragma once
#include "base/safe_path.hpp"
#include "storage/directory.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct Publication {
  const SafePath& from;    // the part file or staging folder
  const SafePath& wanted;  // one part
};

// Renames `from` to the wanted name, or to the first of its clash names that is free, and syncs the folder; answers the
// name. kExists when kClashNamesMax names are taken.
[[nodiscard]] Result<std::string> publish(const Directory& folder, const Publication& names);

// The permission bits that this process takes from what it makes. Linux has no call that asks without changing it, so
// this reads /proc; 022 where that cannot be read.
[[nodiscard]] unsigned process_umask();

}  // namespace essaim::storage
