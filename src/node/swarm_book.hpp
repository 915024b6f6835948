// Who fetches what from us, so that they can be told of each other.
#pragma once
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <vector>

#include "base/ids.hpp"
#include "node/session_values.hpp"
#include "wire/limits.hpp"

namespace essaim::node {

inline constexpr std::size_t kSwarmsMax = 4096;

// Contents beyond kSwarmsMax, and fetchers beyond wire::kSwarmPeersMax of one content, are not remembered: they find
// each other by other ways, or are fewer sources to each other.
class SwarmBook {
 public:
  // The others that fetch this content; none when the session was known already.
  [[nodiscard]] std::vector<SessionId> add(const ContentId& content, SessionId session) {
    if (swarms_.size() >= kSwarmsMax && !swarms_.contains(content)) return {};
    std::vector<SessionId>& fetchers = swarms_[content];
    if (std::ranges::find(fetchers, session) != fetchers.end()) return {};
    std::vector<SessionId> others = fetchers;
    if (fetchers.size() < wire::kSwarmPeersMax) fetchers.push_back(session);
    return others;
  }

  void remove(SessionId session) {
    for (auto swarm = swarms_.begin(); swarm != swarms_.end();) {
      std::erase(swarm->second, session);
      swarm = swarm->second.empty() ? swarms_.erase(swarm) : std::next(swarm);
    }
  }

 private:
  std::map<ContentId, std::vector<SessionId>> swarms_;
};

}  // namespace essaim::node
