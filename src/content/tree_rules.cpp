#include "content/tree_rules.hpp"

#include <string_view>

#include "base/defence.hpp"
#include "content/chunk_plan.hpp"

namespace essaim::content {

std::optional<TreeProblem> TreeRules::admit(const TreeEntry& entry) {
  if (entries_ == kTreeEntriesMax) return TreeProblem::kTooManyEntries;
  if (defended(Defence::kTreeOrder) && last_ && tree_order(*last_, entry.path) >= 0) return TreeProblem::kOrder;
  if (defended(Defence::kTreeFolders) && !has_folder_of(entry.path)) return TreeProblem::kNoFolder;
  const bool leads_out = entry.kind == EntryKind::kSymlink && !target_stays_inside(entry.path, entry.target);
  if (defended(Defence::kTreeTarget) && leads_out) return TreeProblem::kTarget;
  const std::uint64_t size = entry.kind == EntryKind::kFile ? entry.size : 0;
  if (defended(Defence::kTreeBytesInAll) && size > kContentBytesMax - content_bytes_)
    return TreeProblem::kTotalTooLarge;
  content_bytes_ += size;
  ++entries_;
  last_ = entry.path;
  last_kind_ = entry.kind;
  return std::nullopt;
}

bool TreeRules::has_folder_of(const SafePath& path) const {
  const std::string_view folder = path.parent_text();
  if (folder.empty()) return true;
  if (!last_ || !last_->text().starts_with(folder)) return false;
  const std::string_view below = std::string_view(last_->text()).substr(folder.size());
  return below.empty() ? last_kind_ == EntryKind::kFolder : below.front() == '/';
}

}  // namespace essaim::content
