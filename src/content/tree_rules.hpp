// What must hold between the entries of one tree, in the order in which they come. One rule for writer and reader.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "content/tree_entry.hpp"

namespace essaim::content {

// Admits entries one by one. Needs to remember only the entry before: in tree order every folder that is still open
// is that entry's folder, one further up, or that entry itself.
class TreeRules {
 public:
  // The rule that this entry breaks as the next one of the tree; nothing if it breaks none, and then it counts.
  [[nodiscard]] std::optional<TreeProblem> admit(const TreeEntry& entry);

  [[nodiscard]] std::uint32_t entries() const { return entries_; }
  [[nodiscard]] std::uint64_t content_bytes() const { return content_bytes_; }

 private:
  [[nodiscard]] bool has_folder_of(const SafePath& path) const;

  std::optional<SafePath> last_;
  EntryKind last_kind_ = EntryKind::kFolder;
  std::uint32_t entries_ = 0;
  std::uint64_t content_bytes_ = 0;
};

}  // namespace essaim::content
