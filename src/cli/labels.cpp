#include "cli/labels.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

namespace essaim::cli {

std::string short_id(const node::PeerView& peer) {
  return peer.level == 0 ? peer.peer_id.text : peer.peer_id.text.substr(0, kShortIdChars);
}

std::vector<std::string> entry_labels(const std::vector<node::EntryView>& entries) {
  std::map<std::string, std::set<PeerId>> called;
  for (const node::EntryView& entry : entries) called[entry.peer].insert(entry.peer_id);
  std::vector<std::string> labels;
  for (const node::EntryView& entry : entries) {
    const bool name_is_enough = !entry.peer.empty() && called[entry.peer].size() == 1;
    const bool folder = entry.kind == node::EntryKind::kDirectory || entry.kind == node::EntryKind::kTree;
    labels.push_back(
        fmt::format("{}/{}{}", name_is_enough ? entry.peer : entry.peer_id.text, entry.path, folder ? "/" : ""));
  }
  return labels;
}

}  // namespace essaim::cli
