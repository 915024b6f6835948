// A chunk that this peer has already, in another file.
#pragma once
#include <cstdint>
#include <memory>

#include "content/chunk_plan.hpp"
#include "storage/served_file.hpp"

namespace essaim::node {

struct OwnChunk {
  content::ChunkIndex chunk{};  // which of those wanted
  std::shared_ptr<const storage::ServedFile> file;
  std::uint64_t offset = 0;  // in the file
};

}  // namespace essaim::node
