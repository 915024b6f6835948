#include "content/tree_entry.hpp"

#include <algorithm>

namespace essaim::content {

std::string_view to_string(TreeProblem problem) {
  switch (problem) {
    case TreeProblem::kTooLong: return "the document is longer than 256 MiB";
    case TreeProblem::kHeader: return "this is not the document of a folder";
    case TreeProblem::kUnfinishedLine: return "the line has no end";
    case TreeProblem::kUnknownKind: return "the entry's kind is unknown";
    case TreeProblem::kFieldCount: return "the entry has too few or too many fields";
    case TreeProblem::kNumber: return "a number is out of range or not written in its one form";
    case TreeProblem::kContentId: return "the content id is malformed";
    case TreeProblem::kPath: return "the path is not allowed";
    case TreeProblem::kTarget: return "the symlink could lead out of the folder";
    case TreeProblem::kOrder: return "the entry is out of order or there twice";
    case TreeProblem::kNoFolder: return "the entry's folder is missing";
    case TreeProblem::kTooManyEntries: return "there are more than 1000000 entries";
    case TreeProblem::kTotalTooLarge: return "the files together are larger than 8 TiB";
  }
  return "unknown";
}

std::strong_ordering tree_order(const SafePath& left, const SafePath& right) {
  // No character of a path is below '/' once '/' counts as 0, so whole texts compare as their lists of parts do.
  const auto rank = [](char c) { return c == '/' ? std::uint8_t{0} : static_cast<std::uint8_t>(c); };
  const std::string& a = left.text();
  const std::string& b = right.text();
  const auto [at_a, at_b] = std::ranges::mismatch(a, b);
  if (at_a == a.end() || at_b == b.end()) return a.size() <=> b.size();
  return rank(*at_a) <=> rank(*at_b);
}

void sort_in_tree_order(std::vector<TreeEntry>& entries) {
  std::ranges::sort(entries, [](const TreeEntry& a, const TreeEntry& b) { return tree_order(a.path, b.path) < 0; });
}

bool target_stays_inside(const SafePath& link, std::string_view target) {
  if (target.size() > kPathBytesMax) return false;
  auto folders_above = std::ranges::count(link.text(), '/');
  while (target == ".." || target.starts_with("../")) {
    if (folders_above == 0) return false;
    --folders_above;
    if (target == "..") return true;
    target.remove_prefix(3);
  }
  return SafePath::parse(target).has_value();
}

}  // namespace essaim::content
