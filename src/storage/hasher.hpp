// Hashes the content of one open file.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "base/ids.hpp"
#include "content/chunk_plan.hpp"
#include "storage/file_handle.hpp"
#include "storage/file_stat.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// Room for one chunk of any size, on page boundaries. Made once a thread and used again; grows to the largest chunk
// asked for.
class HashBuffer {
 public:
  [[nodiscard]] MutableByteView of(std::size_t bytes);

 private:
  struct Free {
    void operator()(std::uint8_t* memory) const;
  };
  std::unique_ptr<std::uint8_t, Free> memory_;
  std::size_t bytes_ = 0;
};

struct HashControl {
  std::stop_token stop;                               // kCancelled
  std::function<void(std::uint64_t bytes)> on_bytes;  // may be empty; how many more are done
};

struct ContentHash {
  FileStat stat;
  ContentId id;
  std::vector<Leaf> leaves;
};

// kChanged when the file is not the same at the end as when it was opened; kTooLarge when it has no plan.
[[nodiscard]] Result<ContentHash> hash_content(const OpenedFile& file, HashBuffer& buffer, const HashControl& control);
[[nodiscard]] Result<Sha256> hash_sha256(const OpenedFile& file, HashBuffer& buffer, const HashControl& control);

// The leaves of chunks first … first + leaves.size() - 1: the part of the work that threads can share.
struct ChunkRun {
  const content::ChunkPlan& plan;
  std::uint32_t first;
  std::span<Leaf> leaves;
};
[[nodiscard]] Result<void> hash_chunks(const FileHandle& file, const ChunkRun& run, HashBuffer& buffer);

// kChanged unless the file is still what it was when opened. A file changed within the kernel's clock tick (about
// 10 ms) before is looked at once more after that tick, because another change in it would leave no trace.
[[nodiscard]] Result<void> check_unchanged(const OpenedFile& file);

}  // namespace essaim::storage
