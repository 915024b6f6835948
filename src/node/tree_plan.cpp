#include "node/tree_plan.hpp"

#include <utility>

namespace essaim::node {

std::map<ContentId, std::uint32_t> numbers_of(const std::vector<content::TreeEntry>& entries) {
  std::map<ContentId, std::uint32_t> numbers;
  for (const content::TreeEntry& entry : entries) {
    if (entry.kind != content::EntryKind::kFile) continue;
    numbers.try_emplace(entry.id, static_cast<std::uint32_t>(numbers.size()));
  }
  return numbers;
}

std::vector<content::TreeEntry> entries_below(std::vector<content::TreeEntry> entries, const std::string& folder) {
  if (folder.empty()) return entries;
  std::vector<content::TreeEntry> inside;
  const std::string prefix = folder + "/";
  for (content::TreeEntry& entry : entries) {
    if (!entry.path.text().starts_with(prefix)) continue;
    auto path = SafePath::parse(std::string_view(entry.path.text()).substr(prefix.size()));
    if (!path) continue;
    const bool leaves =
        entry.kind == content::EntryKind::kSymlink && !content::target_stays_inside(*path, entry.target);
    if (leaves) continue;  // it pointed into another part of the shared folder, which is not fetched
    entry.path = std::move(*path);
    inside.push_back(std::move(entry));
  }
  return inside;
}

TreePlan plan_of(const std::vector<content::TreeEntry>& entries) {
  TreePlan plan;
  std::map<ContentId, std::size_t> known;
  for (const content::TreeEntry& entry : entries) {
    if (entry.kind != content::EntryKind::kFile) continue;
    const auto [at, first] = known.try_emplace(entry.id, plan.items.size());
    if (first) {
      plan.items.push_back({entry.id, entry.size});
      plan.files.push_back({.size = entry.size, .places = {}});
    }
    plan.files[at->second].places.push_back(
        {.path = entry.path, .meta = {.mtime = entry.mtime, .executable = entry.executable}});
  }
  return plan;
}

SwarmScope scope_of(const ContentId& root, const std::map<ContentId, std::uint32_t>& numbers, const TreePlan& plan) {
  SwarmScope scope{.kind = SwarmScope::Kind::kFiles,
                   .root = root,
                   .numbers = {},
                   .numbers_total = static_cast<std::uint32_t>(numbers.size())};
  for (const swarm::Item& item : plan.items) scope.numbers.push_back(numbers.at(item.id));
  return scope;
}

std::uint64_t total_bytes(const TreePlan& plan) {
  std::uint64_t bytes = 0;
  for (const swarm::Item& item : plan.items) bytes += item.size;
  return bytes;
}

}  // namespace essaim::node
