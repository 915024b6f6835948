// Where a share's files are: a folder held open, or the folder of the one file that is shared.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/safe_path.hpp"
#include "storage/directory.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

enum class ShareKind : std::uint8_t { kFile, kFolder };

// Immutable; may be used from several threads at once.
class ShareRoot {
 public:
  // `path` is a person's choice: links in it are followed, once, here. A file's own name must be one that SafePath
  // takes (kNotFound else).
  [[nodiscard]] static Result<ShareRoot> open(const std::string& path);

  [[nodiscard]] ShareKind kind() const { return file_ ? ShareKind::kFile : ShareKind::kFolder; }
  // The shared folder, or the folder that the shared file is in.
  [[nodiscard]] const Directory& directory() const { return directory_; }
  // The shared file's name; nothing for a folder.
  [[nodiscard]] const std::optional<SafePath>& file() const { return file_; }
  // From a path of the catalogue ("" is the file of a single-file share) to one below directory(); kNotFound for a
  // text that is no such path.
  [[nodiscard]] Result<SafePath> locate(std::string_view path) const;

 private:
  ShareRoot(Directory directory, std::optional<SafePath> file)
      : directory_(std::move(directory)), file_(std::move(file)) {}

  Directory directory_;
  std::optional<SafePath> file_;
};

}  // namespace essaim::storage
