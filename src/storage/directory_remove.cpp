// Removing a folder with all below it, in a loop with one held descriptor a level.
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <unistd.h>

#include "storage/directory.hpp"

namespace essaim::storage {
namespace {

// A folder on the way down, and what is left to remove in it.
struct Level {
  Directory folder;
  std::vector<DirectoryEntry> left;
  std::string name;
};

class Remover {
 public:
  explicit Remover(const Directory& top) : top_(top) {}

  [[nodiscard]] Result<void> remove(const std::string& name) {
    descend(top_, name);
    while (!levels_.empty()) {
      if (levels_.back().left.empty()) {
        leave();
      } else {
        remove_next();
      }
    }
    if (first_error_) return fail(*first_error_);
    return {};
  }

 private:
  void remember(StorageError error) {
    if (!first_error_) first_error_ = std::move(error);
  }

  void descend(const Directory& parent, const std::string& name) {
    using Kind = StorageError::Kind;
    const auto path = SafePath::parse(name);
    if (!path) return remember(fail_kind(Kind::kNotFound, name).error());
    if (levels_.size() == kRemoveDepthMax) return remember(fail_kind(Kind::kTooLarge, name).error());
    auto folder = parent.open_directory(*path);
    if (!folder) return remember(folder.error());
    auto left = folder->list();
    if (!left) return remember(left.error());
    levels_.push_back({.folder = std::move(*folder), .left = std::move(*left), .name = name});
  }

  void remove_next() {
    Level& level = levels_.back();
    const DirectoryEntry entry = std::move(level.left.back());
    level.left.pop_back();
    if (entry.kind == FileKind::kDirectory) return descend(level.folder, entry.name);
    // A name from a listing has no '/', so it stays in this folder even where it is no SafePath.
    if (::unlinkat(level.folder.fd(), entry.name.c_str(), 0) != 0) remember(storage_error_of(errno, entry.name));
  }

  void leave() {
    const std::string name = std::move(levels_.back().name);
    levels_.pop_back();
    const int parent = levels_.empty() ? top_.fd() : levels_.back().folder.fd();
    if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) != 0) remember(storage_error_of(errno, name));
  }

  const Directory& top_;
  std::vector<Level> levels_;
  std::optional<StorageError> first_error_;
};

}  // namespace

Result<void> Directory::remove_tree(const SafePath& path) const {
  const std::string_view parent_text = path.parent_text();
  if (parent_text.empty()) return Remover(*this).remove(path.text());
  const auto parent_path = SafePath::parse(parent_text);
  if (!parent_path) return fail_kind(StorageError::Kind::kNotFound, path.text());
  const auto parent = open_directory(*parent_path);
  if (!parent) return fail(parent.error());
  return Remover(*parent).remove(std::string(path.name()));
}

}  // namespace essaim::storage
