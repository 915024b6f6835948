// Is what we want there already?
#pragma once
#include <cstdint>

#include "base/ids.hpp"
#include "base/safe_path.hpp"
#include "storage/directory.hpp"
#include "storage/hasher.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct WantedContent {
  ContentId id;
  std::uint64_t size = 0;
};

// Is there a regular file at `path` with this content? Reads it only when its size is right. False where nothing, or
// something else, stands there.
[[nodiscard]] Result<bool> has_content(const Directory& folder, const SafePath& path, const WantedContent& wanted,
                                       const HashControl& control);

}  // namespace essaim::storage
