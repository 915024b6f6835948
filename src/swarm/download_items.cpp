// The part of Download that knows which item stands where: closed, open, done; and what is on offer of it.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "swarm/download.hpp"

namespace essaim::swarm {
namespace {

std::uint64_t verified_bytes(const OpenItem& state) {
  std::uint64_t bytes = 0;
  for (std::uint32_t chunk = 0; chunk < state.plan.chunks; ++chunk) {
    if (state.have.test(chunk)) bytes += state.plan.length(content::ChunkIndex{chunk});
  }
  return bytes;
}

}  // namespace

void Download::mark_have(ChunkRef chunk) {
  if (!table_.plan(chunk.item).has(chunk.chunk) || open_unless_done(chunk.item) == nullptr) return;
  verify(chunk);
}

void Download::mark_item_done(ItemIndex item) {
  if (table_.is_done(item)) return;
  bytes_verified_ += table_.item(item).size;
  if (const auto state = open_.find(item); state != open_.end()) {
    bytes_verified_ -= verified_bytes(state->second);
    close(item);
  }
  table_.set_done(item);
}

void Download::mark_manifest_known(ItemIndex item) {
  const OpenItem* state = open_unless_done(item);
  if (state == nullptr || state->manifest == ManifestState::kKnown) return;
  for (const RequestId id : book_.requests_for(manifest_work(item))) cancel(id);
  learn_leaves(item, state->plan.chunks);
}

void Download::mark_draft_leaves(ItemIndex item, std::uint32_t leaves) {
  const OpenItem* state = open_unless_done(item);
  if (state == nullptr || leaves <= state->leaves || leaves > state->plan.chunks) return;
  for (const RequestId id : book_.requests_for(manifest_work(item))) cancel(id);
  learn_leaves(item, leaves);
  if (leaves < state->plan.chunks) want_manifest(item);
}

void Download::mark_item_lost(ItemIndex item) {
  if (table_.is_closed(item)) return;
  if (table_.item(item).size == 0) {
    pending_.emplace_back(FinishItem{item});
    return;
  }
  if (const auto state = open_.find(item); state != open_.end()) {
    bytes_verified_ -= verified_bytes(state->second);
    close(item);
  } else {
    bytes_verified_ -= table_.item(item).size;
  }
  table_.set_closed(item);
  wake_all();
}

OpenItem& Download::open(ItemIndex item) {
  ASSERT(table_.is_closed(item));
  const content::ChunkPlan plan = table_.plan(item);
  table_.set_open(item);
  OpenItem& state = open_.emplace(item, OpenItem{.plan = plan, .have = Bits(plan.chunks)}).first->second;
  open_missing_ += plan.chunks;
  picker_.add_item(item, plan.chunks);
  for (const auto& [id, source] : sources_) {
    if (source.holdings.is_all() || !source.holdings.has_some(item)) continue;
    for (std::uint32_t chunk = 0; chunk < plan.chunks; ++chunk) {
      const ChunkRef ref{item, content::ChunkIndex{chunk}};
      if (source.holdings.has(ref)) picker_.raise_availability(ref);
    }
  }
  if (plan.chunks == 1 && table_.item(item).naming == Naming::kContent) {
    learn_leaves(item, plan.chunks);
  } else {
    want_manifest(item);
  }
  return state;
}

OpenItem* Download::open_unless_done(ItemIndex item) {
  if (table_.is_done(item)) return nullptr;
  const auto state = open_.find(item);
  return state == open_.end() ? &open(item) : &state->second;
}

void Download::open_ahead() {
  while (open_missing_ < kOpenChunksTarget && open_.size() < kOpenItemsMax) {
    const auto item = table_.next_closed();
    if (!item) return;
    open(*item);
  }
}

std::size_t Download::open_for(const Source& source) {
  if (source.manifests == Manifests::kNone || source.manifests_in_flight >= kManifestsInFlightMax) return 0;
  std::size_t opened = 0;
  while (opened < kOpenBatch && open_.size() < kOpenItemsMax) {
    const auto item = source.holdings.is_all() ? table_.next_closed() : table_.find_closed(source.holdings.items());
    if (!item) break;
    open(*item);
    ++opened;
  }
  return opened;
}

void Download::close(ItemIndex item) {
  for (const RequestId id : book_.requests_for_item(item)) cancel(id);
  open_missing_ -= open_.find(item)->second.missing();
  manifests_wanted_.erase(item);
  leaves_again_.erase(item);
  marks_.clear_item(item);
  picker_.remove_item(item);
  open_.erase(item);
}

void Download::verify(ChunkRef chunk) {
  OpenItem& state = open_.find(chunk.item)->second;
  if (!state.have.set(std::to_underlying(chunk.chunk))) return;
  bytes_verified_ += state.plan.length(chunk.chunk);
  --open_missing_;
  for (const RequestId id : book_.requests_for(chunk_work(chunk))) cancel(id);
  marks_.clear(chunk_work(chunk));
  if (picker_.is_on_offer(chunk)) picker_.withdraw(chunk);
  if (!state.have.all()) return;
  close(chunk.item);
  table_.set_done(chunk.item);
  pending_.emplace_back(FinishItem{chunk.item});
}

// From now on the first so many are known.
void Download::learn_leaves(ItemIndex item, std::uint32_t leaves) {
  OpenItem& state = open_.find(item)->second;
  const std::uint32_t first = std::exchange(state.leaves, leaves);
  if (leaves == state.plan.chunks) {
    state.manifest = ManifestState::kKnown;
    manifests_wanted_.erase(item);
    leaves_again_.erase(item);
    marks_.clear(manifest_work(item));
  }
  for (std::uint32_t chunk = first; chunk < leaves; ++chunk) {
    if (!state.have.test(chunk)) offer_unless_asked({item, content::ChunkIndex{chunk}});
  }
}

void Download::want_manifest(ItemIndex item) {
  leaves_again_.erase(item);
  open_.find(item)->second.manifest = ManifestState::kWanted;
  manifests_wanted_.insert(item);
  wake_holders(manifest_work(item));
}

// A missing chunk whose leaf is known is on offer unless a request for it is on time.
void Download::offer_unless_asked(ChunkRef chunk) {
  if (picker_.is_on_offer(chunk)) return;
  for (const RequestId id : book_.requests_for(chunk_work(chunk))) {
    if (!book_.find(id)->overdue) return;
  }
  picker_.offer(chunk);
  wake_holders(chunk_work(chunk));
}

void Download::wake_holders(const Work& work) {
  for (auto& [id, source] : sources_) {
    if (!source.dry) continue;
    source.dry =
        work.kind == WorkKind::kChunk ? !source.holdings.has(work.chunk) : !source.holdings.has_some(work.chunk.item);
  }
}

void Download::wake_all() {
  for (auto& [id, source] : sources_) source.dry = false;
}

std::uint32_t Download::length(ChunkRef chunk) const { return open_.find(chunk.item)->second.plan.length(chunk.chunk); }

// In one request, from `first` on.
std::uint32_t Download::leaves_to_ask(ItemIndex item, std::uint32_t first) const {
  const bool draft = table_.item(item).naming == Naming::kDraft;
  const std::uint32_t left = open_.find(item)->second.plan.chunks - first;
  return std::min(left, draft ? kDraftLeavesPerAskMax : kLeavesPerAskMax);
}

}  // namespace essaim::swarm
