// What a folder's document means for a download.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "content/tree.hpp"
#include "node/targets.hpp"
#include "swarm/types.hpp"

namespace essaim::node {

// What is fetched, each content once, and where it goes.
struct TreePlan {
  std::vector<swarm::Item> items;
  std::vector<TreeFilesTarget::FileItem> files;  // by item
};
[[nodiscard]] TreePlan plan_of(const std::vector<content::TreeEntry>& entries);

// The numbers that HAVE gives the contents of a folder's files (wire/messages_swarm.hpp).
[[nodiscard]] std::map<ContentId, std::uint32_t> numbers_of(const std::vector<content::TreeEntry>& entries);

// What the swarm of these files is about; `numbers` are those of the whole folder.
[[nodiscard]] SwarmScope scope_of(const ContentId& root, const std::map<ContentId, std::uint32_t>& numbers,
                                  const TreePlan& plan);
[[nodiscard]] std::uint64_t total_bytes(const TreePlan& plan);

// The entries below `folder`, with paths from there; all of them where it is empty.
[[nodiscard]] std::vector<content::TreeEntry> entries_below(std::vector<content::TreeEntry> entries,
                                                            const std::string& folder);

}  // namespace essaim::node
