// All content that can be served now: what is shared, and what has come of what is being fetched.
#pragma once
#include <cstdint>
#include <optional>

#include "node/fetches.hpp"
#include "node/holding.hpp"
#include "node/library.hpp"
#include "wire/messages_swarm.hpp"

namespace essaim::node {

// Belongs to the control thread.
class Contents {
 public:
  Contents(Library& library, const Fetches& fetches) : library_(library), fetches_(fetches) {}

  // The size of content of which the viewer may have something.
  [[nodiscard]] std::optional<std::uint64_t> size_of(const ContentId& id, const access::Viewer& viewer) {
    if (const auto whole = library_.size_of(id, viewer)) return whole;
    return fetches_.size_of(id, viewer);
  }
  // Where this chunk can be read; nothing where it is not here, or not for the viewer.
  [[nodiscard]] std::optional<Holding> open(const ContentId& id, content::ChunkIndex chunk,
                                            const access::Viewer& viewer) {
    if (auto whole = library_.open(id, viewer)) return whole;
    return fetches_.open(id, chunk, viewer);
  }
  [[nodiscard]] bool has(const ContentId& id, content::ChunkIndex chunk, const access::Viewer& viewer) {
    return library_.size_of(id, viewer).has_value() || fetches_.has(id, chunk, viewer);
  }
  [[nodiscard]] std::optional<content::Manifest> manifest(const ContentId& id, const access::Viewer& viewer) {
    if (auto whole = library_.manifest(id, viewer)) return whole;
    return fetches_.manifest(id, viewer);
  }
  [[nodiscard]] std::optional<wire::FoundEntry> find(const ContentId& id, const access::Viewer& viewer) {
    if (const auto whole = library_.open(id, viewer)) {
      const auto plan = content::plan_for(whole->size);
      return wire::FoundEntry{id, wire::Holding::kComplete, plan ? plan->chunks : 0, library_.sha256_of(id)};
    }
    const std::uint32_t chunks = fetches_.chunks_held(id, viewer);
    if (chunks == 0) return std::nullopt;
    return wire::FoundEntry{id, wire::Holding::kPartial, chunks, std::nullopt};
  }

 private:
  Library& library_;
  const Fetches& fetches_;
};

}  // namespace essaim::node
