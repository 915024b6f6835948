// What always holds of a Download between two calls.
#include <utility>

#include "base/assert.hpp"
#include "swarm/download.hpp"

namespace essaim::swarm {
namespace {

std::uint16_t partial_holders(const std::map<SourceId, Source>& sources, ChunkRef chunk) {
  std::uint16_t holders = 0;
  for (const auto& [id, source] : sources) {
    if (!source.holdings.is_all() && source.holdings.has(chunk)) ++holders;
  }
  return holders;
}

}  // namespace

void Download::check_invariants() const {
  book_.check_invariants();
  picker_.check_invariants();
  check_items();
  check_requests();
}

void Download::check_items() const {
  ASSERT(table_.closed_count() + open_.size() + table_.done_count() == table_.size());
  std::uint64_t missing = 0;
  for (const auto& [item, state] : open_) {
    ASSERT(!table_.is_closed(item) && !table_.is_done(item));
    ASSERT(state.missing() > 0);
    missing += state.missing();
    ASSERT(manifests_wanted_.contains(item) == (state.manifest == ManifestState::kWanted));
    ASSERT(leaves_again_.contains(item) == (state.manifest == ManifestState::kComing));
    ASSERT((state.leaves == state.plan.chunks) == (state.manifest == ManifestState::kKnown));
    ASSERT(state.leaves == 0 || state.leaves == state.plan.chunks || table_.item(item).naming == Naming::kDraft);
    const std::size_t manifest_requests = book_.requests_for(manifest_work(item)).size();
    ASSERT(manifest_requests == (state.manifest == ManifestState::kAsked ? 1 : 0));
    for (std::uint32_t chunk = 0; chunk < state.plan.chunks; ++chunk) {
      const ChunkRef ref{item, content::ChunkIndex{chunk}};
      ASSERT(picker_.availability(ref) == partial_holders(sources_, ref));
      const std::vector<RequestId> requests = book_.requests_for(chunk_work(ref));
      bool on_time = false;
      for (const RequestId id : requests) on_time = on_time || !book_.find(id)->overdue;
      const bool wanted = !state.have.test(chunk) && chunk < state.leaves;
      ASSERT(wanted || requests.empty());
      ASSERT(picker_.is_on_offer(ref) == (wanted && !on_time));
    }
  }
  ASSERT(missing == open_missing_);
  ASSERT(bytes_verified_ <= bytes_total_);
  ASSERT(!done() || (bytes_verified_ == bytes_total_ && book_.size() == 0));
}

void Download::check_requests() const {
  std::size_t requests = 0;
  for (const auto& [id, source] : sources_) {
    std::uint64_t bytes = 0;
    std::uint32_t manifests = 0;
    const std::vector<RequestId> ids = book_.requests_at(id);
    std::set<Work> works;
    for (const RequestId each : ids) {
      const Request& request = *book_.find(each);
      bytes += request.bytes;
      manifests += request.work.kind == WorkKind::kManifest ? 1U : 0U;
      ASSERT(works.insert(request.work).second);
      ASSERT(open_.contains(request.work.chunk.item));
    }
    requests += ids.size();
    ASSERT(ids.size() == source.window.requests_in_flight() && ids.size() <= kRequestsInFlightMax);
    ASSERT(bytes == source.window.bytes_in_flight() && bytes <= kBytesInFlightMax);
    ASSERT(manifests == source.manifests_in_flight);
    ASSERT(!source.full_above || ids.size() > *source.full_above);
    ASSERT(records_.contains(id) && !records_.find(id)->second.dropped);
  }
  ASSERT(requests == book_.size());
  ASSERT(sources_.size() <= kSourcesMax);
  for (const auto& [work, marked] : marks_.all()) {
    const auto state = open_.find(work.chunk.item);
    ASSERT(state != open_.end());
    if (work.kind == WorkKind::kManifest) {
      ASSERT(state->second.manifest != ManifestState::kKnown);
    } else {
      ASSERT(!state->second.have.test(std::to_underlying(work.chunk.chunk)));
    }
    for (const SourceId source : marked) ASSERT(sources_.contains(source));
  }
}

}  // namespace essaim::swarm
