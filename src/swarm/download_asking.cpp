// The part of Download that decides what to ask of whom.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "swarm/download.hpp"

namespace essaim::swarm {
namespace {

// How much of a source's window a request for leaves takes. A draft's are few and come when they are made, which says
// nothing of the line.
std::uint32_t weight_of(std::uint32_t leaves, Naming naming) {
  return naming == Naming::kDraft ? 0 : wire::kLeafBytes * leaves;
}

}  // namespace

void Download::fill(Source& source, Instant now) {
  if (source.dry || source.full_above || source.resting_until) return;
  do {
    if (ask_manifests(source, now) == Room::kNone || ask_chunks(source, now) == Room::kNone) return;
  } while (open_for(source) > 0);
  source.dry = true;
  source.window.note_idle();
}

Download::Room Download::ask_manifests(Source& source, Instant now) {
  for (auto next = manifests_wanted_.begin(); next != manifests_wanted_.end();) {
    if (source.manifests_in_flight >= kManifestsInFlightMax) break;
    const ItemIndex item = *next++;
    if (!may_ask(source, manifest_work(item))) continue;
    const std::uint32_t first = open_.find(item)->second.leaves;
    const std::uint32_t weight = weight_of(leaves_to_ask(item, first), table_.item(item).naming);
    if (!has_room(source, weight, now)) return Room::kNone;
    ask_manifest(source, item, first, now);
  }
  return Room::kLeft;
}

Download::Room Download::ask_chunks(Source& source, Instant now) {
  const auto wanted = [this, &source](ChunkRef chunk) {
    return !readings_.contains(chunk) && may_ask(source, chunk_work(chunk));
  };
  Picker::Pass pass = picker_.begin_pass(source.holdings.is_all() ? 0 : 1);
  while (const auto chunk = picker_.next(pass, wanted)) {
    if (!has_room(source, length(*chunk), now)) return Room::kNone;
    ask_chunk(source, *chunk, now);
  }
  return Room::kLeft;
}

// Does the source hold it, is it not asked of it already, and is it its turn, if it has failed to give it before?
bool Download::may_ask(const Source& source, const Work& work) const {
  const auto holds = [&work](const Source& each) {
    if (work.kind == WorkKind::kChunk) return each.holdings.has(work.chunk);
    return each.manifests == Manifests::kGives && each.holdings.has_some(work.chunk.item);
  };
  if (!holds(source)) return false;
  if (book_.overdue_count() > 0 && book_.is_asked_of(work, source.id)) return false;
  if (!marks_.has(work, source.id)) return true;
  return std::ranges::none_of(sources_, [&](const auto& each) {
    const Source& other = each.second;
    return other.id != source.id && other.usable() && holds(other) && !marks_.has(work, other.id);
  });
}

// Notes what there is to wait for when there is no room.
bool Download::has_room(Source& source, std::uint32_t bytes, Instant now) {
  if (!source.has_room(bytes)) {
    source.note_full();
    return false;
  }
  const bool own_ready = limit_.ready(now);
  if (own_ready && shared_limit_.ready(now)) return true;
  limited_until_ = own_ready ? shared_limit_.ready_at() : limit_.ready_at();
  source.window.note_idle();
  return false;
}

void Download::ask_manifest(Source& source, ItemIndex item, std::uint32_t first, Instant now) {
  OpenItem& state = open_.find(item)->second;
  state.manifest = ManifestState::kAsked;
  manifests_wanted_.erase(item);
  ++source.manifests_in_flight;
  const std::uint32_t count = leaves_to_ask(item, first);
  const std::uint32_t bytes = weight_of(count, table_.item(item).naming);
  const RequestId id =
      enter(source, {.work = manifest_work(item), .first = first, .count = count, .bytes = bytes}, now);
  pending_.emplace_back(AskManifest{source.id, item, first, count, id});
}

void Download::ask_chunk(Source& source, ChunkRef chunk, Instant now) {
  if (picker_.is_on_offer(chunk)) picker_.withdraw(chunk);
  const RequestId id = enter(source, {.work = chunk_work(chunk), .bytes = length(chunk)}, now);
  pending_.emplace_back(AskChunk{source.id, chunk, id});
}

RequestId Download::enter(Source& source, Request request, Instant now) {
  if (marks_.has(request.work, source.id)) marks_.clear(request.work);
  request.source = source.id;
  request.expected_at = now + source.window.expected(request.bytes);
  request.deadline = now + source.window.timeout(request.bytes);
  request.mark = source.window.on_asked(request.bytes, now);
  limit_.take(request.bytes, now);
  shared_limit_.take(request.bytes, now);
  return book_.add(request);
}

bool Download::in_endgame() const {
  if (table_.closed_count() > 0 || !manifests_wanted_.empty() || !leaves_again_.empty()) return false;
  if (book_.has_manifests()) return false;
  if (picker_.offer_count() > book_.overdue_count()) return false;
  return picker_.offer_count() == 0 || std::ranges::count_if(book_.works(), [this](const Work& work) {
                                         return picker_.is_on_offer(work.chunk);
                                       }) == static_cast<std::ptrdiff_t>(picker_.offer_count());
}

void Download::race(Instant now) {
  if (!in_endgame()) {
    race_at_.reset();
  } else if (!race_at_ || *race_at_ <= now) {
    race_at_ = now + kRaceInterval;
    for (const Work& work : book_.works()) static_cast<void>(race_chunk(work.chunk, now));
  }
}

// Until the answer comes: as expected when it was asked for, or as the source does now, if that is sooner; for one that
// is late, as long again as it is late.
Duration Download::still_expected_of(const Request& request, Instant now) {
  if (request.expected_at <= now) return now - request.expected_at;
  return std::min<Duration>(request.expected_at - now, source_of(request).window.expected(0));
}

// Whether somebody else was asked.
bool Download::race_chunk(ChunkRef chunk, Instant now) {
  const std::vector<RequestId> asked = book_.requests_for(chunk_work(chunk));
  if (asked.size() > kRacersMax) return false;
  Duration still_expected = Duration::max();
  for (const RequestId id : asked) {
    const Request& request = *book_.find(id);
    if (now - request.mark.asked_at < kRaceInterval) return false;
    still_expected = std::min(still_expected, still_expected_of(request, now));
  }
  const std::uint32_t bytes = length(chunk);
  Source* soonest = nullptr;
  for (auto& [id, source] : sources_) {
    if (!source.usable() || source.outrun || !may_ask(source, chunk_work(chunk)) ||
        book_.is_asked_of(chunk_work(chunk), id))
      continue;
    if (!source.has_room(bytes)) continue;
    if (soonest == nullptr || source.window.expected(bytes) < soonest->window.expected(bytes)) soonest = &source;
  }
  if (soonest == nullptr) return false;
  const Duration expected = soonest->window.expected(bytes);
  if (2 * expected > still_expected || still_expected - expected < kRaceGainMin) return false;
  if (!has_room(*soonest, bytes, now)) return false;
  ask_chunk(*soonest, chunk, now);
  return true;
}

}  // namespace essaim::swarm
