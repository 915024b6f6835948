// A file while it is downloaded: beside its destination, private, and under its final name only when it is whole.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/safe_path.hpp"
#include "base/time.hpp"
#include "storage/content_reader.hpp"
#include "storage/directory.hpp"
#include "storage/file_handle.hpp"
#include "storage/served_file.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct FinalMeta {
  UnixNanos mtime{};
  bool executable = false;
};

// Specification
//  - The part file is in the destination's own folder, so that the last step is a rename; it has mode 0600, because
//  what
//    is not checked is nobody's to read.
//  - Chunks that are all zeros become holes.
//  - A final name never replaces another: `name`, else `name (2)`, and so on.
//  - After a sync has failed every further call answers kIo: the kernel may have dropped the pages and called them
//    clean, so no later success would mean anything. What was not synced before is to be fetched again, into a part
//    file opened anew.
// Reads and writes may be made from several threads at once, of ranges that do not overlap; all else by one thread.
class PartFile final : public ContentReader {
 public:
  struct Target {
    SafePath name;           // one part: the name wanted in the folder
    std::uint64_t size = 0;  // bytes
  };
  // The first part name that is free.
  [[nodiscard]] static Result<PartFile> create(Directory folder, Target target);
  // kNotFound where it is gone; kChanged where it has another size: no part file of this content.
  [[nodiscard]] static Result<PartFile> resume(Directory folder, Target target, const SafePath& part_name);

  [[nodiscard]] const SafePath& part_name() const { return part_name_; }

  [[nodiscard]] Result<void> write_chunk_at(std::uint64_t offset, ByteView chunk) const;
  [[nodiscard]] Result<void> read_at(std::uint64_t offset, MutableByteView into) const override;
  // Takes over all of a file of the same size, sharing its blocks where the file system can; false where it can't, and
  // then nothing has changed. What was taken over is not checked.
  [[nodiscard]] Result<bool> clone_from(const ServedFile& file) const;
  // All written before is on the disk when it returns.
  [[nodiscard]] Result<void> checkpoint();

  // The caller has checked every chunk. Durable when it returns the final name; the part file is gone. The permission
  // bits are those that a program of this user would give a new file.
  [[nodiscard]] Result<std::string> finish(const FinalMeta& meta);
  // Removes the part file. It stays open until this object goes, because a thread may still be writing to it, and its
  // descriptor must not become another file's meanwhile.
  [[nodiscard]] Result<void> discard();

 private:
  PartFile(Directory folder, Target target, SafePath part_name, FileHandle file);
  [[nodiscard]] Result<void> check_usable() const;
  [[nodiscard]] Result<void> remember(Result<void> synced);

  Directory folder_;
  Target target_;
  SafePath part_name_;
  FileHandle file_;
  std::unique_ptr<std::atomic<bool>> sync_failed_;
};

}  // namespace essaim::storage
