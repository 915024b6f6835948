// The part of Download that knows who is there and what they hold.
#include <utility>

#include "base/assert.hpp"
#include "swarm/download.hpp"

namespace essaim::swarm {

void Download::on_source_added(SourceId source, SourceTraits traits, Instant now) {
  on_source_lost(source, now);
  const SourceRecord& record = records_[source];
  if (record.dropped) {
    pending_.emplace_back(DropSource{source, *record.dropped});
  } else if (sources_.size() >= kSourcesMax) {
    pending_.emplace_back(DropSource{source, DropReason::kTooMany});
  } else {
    sources_.emplace(source, Source(source, traits, table_.size())).first->second.has_lied = record.lies > 0;
  }
}

void Download::on_source_lost(SourceId source, Instant /*now*/) {
  if (sources_.contains(source)) remove(source);
}

void Download::on_have(SourceId id, ItemIndex item, std::span<const content::ChunkIndex> chunks, Instant /*now*/) {
  const auto found = sources_.find(id);
  if (found == sources_.end()) return;
  const content::ChunkPlan plan = table_.plan(item);
  const bool counted = open_.contains(item);
  for (const content::ChunkIndex chunk : chunks) {
    const ChunkRef ref{item, chunk};
    if (!plan.has(chunk) || !found->second.holdings.add(ref, plan.chunks)) continue;
    if (counted) picker_.raise_availability(ref);
    found->second.dry = false;
  }
}

void Download::on_have_whole(SourceId id, ItemIndex item, Instant /*now*/) {
  const auto found = sources_.find(id);
  if (found == sources_.end() || found->second.holdings.is_all() || table_.item(item).size == 0) return;
  Source& source = found->second;
  if (open_.contains(item)) count_out(source, item);
  source.holdings.add_item(item);
  source.dry = false;
  if (!open_.contains(item)) return;
  const std::uint32_t chunks = table_.plan(item).chunks;
  for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) picker_.raise_availability({item, content::ChunkIndex{chunk}});
}

void Download::remove(SourceId id) {
  const Source& source = sources_.find(id)->second;
  for (const RequestId request : book_.requests_at(id)) {
    if (const auto ended = end_undelivered(request)) want_again(*ended);
  }
  if (!source.holdings.is_all()) {
    for (const auto& [item, state] : open_) count_out(source, item);
  }
  marks_.clear_source(id);
  sources_.erase(id);
  wake_all();
}

void Download::drop(SourceId id, DropReason reason) {
  records_[id].dropped = reason;
  remove(id);
  pending_.emplace_back(DropSource{id, reason});
}

// Takes the source out of the availability of the item's chunks.
void Download::count_out(const Source& source, ItemIndex item) {
  if (!source.holdings.has_some(item)) return;
  const std::uint32_t chunks = open_.find(item)->second.plan.chunks;
  for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
    const ChunkRef ref{item, content::ChunkIndex{chunk}};
    if (source.holdings.has(ref)) picker_.lower_availability(ref);
  }
}

void Download::lose_chunk(Source& source, ChunkRef chunk) {
  spell_out(source);
  if (!source.holdings.remove(chunk, table_.plan(chunk.item).chunks)) return;
  if (open_.contains(chunk.item)) picker_.lower_availability(chunk);
}

void Download::lose_item(Source& source, ItemIndex item) {
  spell_out(source);
  if (open_.contains(item)) count_out(source, item);
  source.holdings.remove_item(item);
}

// From now on the source counts for each chunk that it holds, no more for all of them alike.
void Download::spell_out(Source& source) {
  if (!source.holdings.is_all()) return;
  source.holdings.spell_out();
  for (const auto& [item, state] : open_) {
    for (std::uint32_t chunk = 0; chunk < state.plan.chunks; ++chunk) {
      picker_.raise_availability({item, content::ChunkIndex{chunk}});
    }
  }
}

Source& Download::source_of(const Request& request) {
  const auto found = sources_.find(request.source);
  ASSERT(found != sources_.end());
  return found->second;
}

}  // namespace essaim::swarm
