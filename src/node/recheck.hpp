// What a download that was cut off has on the disk already.
#pragma once
#include <vector>

#include "content/manifest.hpp"
#include "storage/content_reader.hpp"

namespace essaim::node {

// Which chunks of the file are what the leaves say; all of it is read. On a thread that may wait for the disk.
[[nodiscard]] std::vector<bool> right_chunks(const storage::ContentReader& file, const content::Manifest& manifest);

}  // namespace essaim::node
