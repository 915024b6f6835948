#include "node/draft_remains.hpp"

namespace essaim::node {

Journal DraftRemains::journal(const std::vector<Leaf>& content) const {
  Journal journal{.clean = false, .chunks = std::vector<bool>(content.size()), .leaves = {}};
  for (std::size_t i = 0; i < content.size() && i < chunks.size() && i < leaves.size(); ++i) {
    journal.chunks[i] = chunks[i] && leaves[i] == content[i];
  }
  if (content.size() > 1) journal.leaves = content;
  return journal;
}

}  // namespace essaim::node
