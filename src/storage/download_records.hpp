// What the catalogue keeps of a finished download's files.
#pragma once
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "content/tree_entry.hpp"
#include "storage/file_record.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// The record of one file that was checked to have this content, for a share of that file alone.
[[nodiscard]] Result<FileRecord> record_of_file(const std::string& path, const ContentId& id);
// Those of a folder's files, each checked to be what its entry says. What has gone since is left out.
[[nodiscard]] Result<std::vector<FileRecord>> records_of_folder(const std::string& path,
                                                                const std::vector<content::TreeEntry>& entries);

}  // namespace essaim::storage
