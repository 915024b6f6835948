// All fetches that run: the way from what peers send to the fetch it is for, and from what peers ask to the fetch that
// has it already.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "access/audience.hpp"
#include "content/manifest.hpp"
#include "node/fetch.hpp"
#include "node/holding.hpp"
#include "wire/messages_swarm.hpp"

namespace essaim::node {

// Contents that one session may follow; more are not told of.
inline constexpr std::size_t kFollowsPerSessionMax = 1024;

// Belongs to the control thread.
class Fetches {
 public:
  // From then on it hears of its chunks and sessions, and what it holds is served.
  [[nodiscard]] FetchId add(std::shared_ptr<Fetch> fetch);
  void remove(FetchId id) { fetches_.erase(id); }

  void on_chunks(const std::vector<ChunkOutcome>& outcomes);
  void on_have(const Session& session, const wire::Have& have, ByteView payload);
  void on_session_closed(SessionId session);
  // The peer wants to hear of this content, so it is fetching it too.
  void follow(SessionId session, const ContentId& root);
  // These may hold it, or fetch it.
  void meet(SessionId session, const ContentId& root);
  // One that gets this content, or has got it; null where none does.
  [[nodiscard]] std::shared_ptr<Fetch> find(const ContentId& id) const;
  [[nodiscard]] bool is_fetching(const ContentId& root) const;

  // What of a content being fetched can be served. A blocked viewer gets nothing; to know the id is enough else.
  [[nodiscard]] std::optional<std::uint64_t> size_of(const ContentId& id, const access::Viewer& viewer) const;
  [[nodiscard]] std::optional<Holding> open(const ContentId& id, content::ChunkIndex chunk,
                                            const access::Viewer& viewer) const;
  [[nodiscard]] bool has(const ContentId& id, content::ChunkIndex chunk, const access::Viewer& viewer) const;
  [[nodiscard]] std::uint32_t chunks_held(const ContentId& id, const access::Viewer& viewer) const;
  [[nodiscard]] std::optional<content::Manifest> manifest(const ContentId& id, const access::Viewer& viewer) const;

  [[nodiscard]] std::uint64_t bytes_received() const { return bytes_received_; }

 private:
  struct Part {
    Fetch* fetch;
    swarm::ItemIndex item;
  };
  [[nodiscard]] std::vector<Part> parts(const ContentId& id, const access::Viewer& viewer) const;

  std::map<FetchId, std::shared_ptr<Fetch>> fetches_;
  std::map<SessionId, std::set<ContentId>> follows_;
  std::uint64_t last_id_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace essaim::node
