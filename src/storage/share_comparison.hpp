// Compares what is on the disk with what is known, entry by entry. Private to src/storage.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/file_record.hpp"
#include "storage/scanner.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// Specification
//  - Both sides come in tree order, so one pass over both finds what is new, changed and gone, in memory that does not
//    grow with the share.
//  - A file is unchanged when its fingerprint and its executable bit are the known ones and it has a content id.
//  - A folder's size is that of all files below it: known when the walk leaves it. A new or changed folder is told when
//    the walk enters it as well, so that nothing is ever known below a folder that is not.
class ShareComparison {
 public:
  struct Actions {
    std::function<Result<std::optional<FileRecord>>()> next_known;
    std::function<void(FileRecord)> put;          // a folder or link that is new or changed
    std::function<void(const FileRecord&)> hash;  // a file that is new or changed; its record has no content id
    std::function<void(std::string)> remove;      // a path that is known and not there
  };
  explicit ShareComparison(Actions actions) : actions_(std::move(actions)) {}

  [[nodiscard]] Result<void> on_entry(const ScannedEntry& entry);
  // After the last entry of a scan that was complete.
  [[nodiscard]] Result<void> finish();

 private:
  struct OpenFolder {
    FileRecord record;
    std::uint64_t told_size = 0;  // what the catalogue knows, or will
    std::uint64_t size = 0;
  };
  [[nodiscard]] Result<void> read_known();
  // Removes the known records before `path`, and answers the one of this very path.
  [[nodiscard]] Result<std::optional<FileRecord>> take_known(std::string_view path);
  void on_folder(const ScannedEntry& entry, const std::optional<FileRecord>& known);
  void leave_folders_without(std::string_view path);
  void leave_folder();

  Actions actions_;
  std::optional<FileRecord> known_;
  bool begun_ = false;
  std::vector<OpenFolder> folders_;
};

}  // namespace essaim::storage
