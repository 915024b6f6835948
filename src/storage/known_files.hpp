// What the catalogue knows about one share, read page by page while the share is scanned. Private to src/storage.
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "storage/catalogue.hpp"

namespace essaim::storage {

inline constexpr std::size_t kKnownPageRecords = 4096;

// Gives the records in tree order. Each page is a read of its own, so no snapshot is held while files are hashed;
// records written meanwhile are seen only if their paths come after what was given.
class KnownFiles {
 public:
  using Page = Result<std::vector<FileRecord>> (FileTable::*)(const PageQuery&) const;

  KnownFiles(const FileTable& files, ShareId share, Page page = &FileTable::page)
      : files_(files), share_(share), page_(page) {}

  // The next record; nothing at the end.
  [[nodiscard]] Result<std::optional<FileRecord>> next();

 private:
  const FileTable& files_;
  ShareId share_;
  Page page_;
  std::vector<FileRecord> records_;
  std::size_t at_ = 0;
  std::optional<std::string> last_;
  bool ended_ = false;
};

}  // namespace essaim::storage
