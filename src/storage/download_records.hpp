// What the catalogue keeps of a finished download's files.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "content/tree_entry.hpp"
#include "storage/file_record.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// A file as it was when it got its final name.
struct FinishedFile {
  std::string path;  // absolute
  ContentId id;
  std::uint64_t size = 0;
  UnixNanos mtime{};
};
// Its record, for a share of that file alone; kChanged when it is no longer what it was.
[[nodiscard]] Result<FileRecord> record_of_file(const FinishedFile& file);
// Those of a folder's files, as its entries say they were. What has changed or gone since is left out.
[[nodiscard]] Result<std::vector<FileRecord>> records_of_folder(const std::string& path,
                                                                const std::vector<content::TreeEntry>& entries);

}  // namespace essaim::storage
