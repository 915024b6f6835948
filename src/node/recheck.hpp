// What a download that was cut off has on the disk already.
#pragma once
#include <vector>

#include "content/manifest.hpp"
#include "storage/content_reader.hpp"

namespace essaim::node {

// Adds to `known` the chunks that are what the leaves say; reads and hashes those alone that are not known yet. On a
// thread that may wait for the disk.
void find_right_chunks(const storage::ContentReader& file, const content::Manifest& manifest, std::vector<bool>& known);

}  // namespace essaim::node
