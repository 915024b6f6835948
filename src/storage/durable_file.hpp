// Small files of ours that are there whole, or not at all.
#pragma once
#include "base/bytes.hpp"
#include "base/safe_path.hpp"
#include "storage/directory.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct DurableFile {
  enum class Clash : std::uint8_t { kRefuse, kReplace };
  const SafePath& name;  // one part
  ByteView bytes;
  unsigned mode = 0600;
  Clash clash = Clash::kRefuse;  // kRefuse: kExists, and nothing changed, where the name is taken
};

// Writes beside it, syncs, renames, syncs the folder. A temporary file that a crash left is replaced.
[[nodiscard]] Result<void> write_durably(const Directory& folder, const DurableFile& file);

// All of a file; kTooLarge above `bytes_max`.
[[nodiscard]] Result<Bytes> read_whole(const OpenedFile& file, std::uint64_t bytes_max);

// Whether nobody but its owner may do anything with it. False where that can't be told.
[[nodiscard]] bool is_private(const OpenedFile& file);

}  // namespace essaim::storage
