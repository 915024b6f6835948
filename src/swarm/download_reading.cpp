// The part of Download that serves those who read what comes while it comes.
#include <algorithm>
#include <utility>

#include "swarm/download.hpp"

namespace essaim::swarm {

bool Download::set_reading(ReaderId reader, ChunkRef position) {
  const content::ChunkPlan plan = table_.plan(position.item);
  if (!plan.has(position.chunk)) return readings_.end(reader);
  const bool moved = readings_.set(reader, position, plan);
  if (moved && table_.is_closed(position.item)) open(position.item);
  return moved;
}

void Download::end_reading(ReaderId reader) { readings_.end(reader); }

void Download::serve_readers(Instant now) {
  if (readings_.empty() && reading_.empty()) return;
  readings_.set_rate(meter_.bytes_per_second(now));
  const auto before = std::exchange(reading_, readings_.wanted());
  for (const Readings::Wanted& each : before) {
    // Whoever had nothing to do may take now what is not kept for the soonest any more.
    if (is_on_offer(each.chunk) && !readings_.contains(each.chunk)) wake_holders(chunk_work(each.chunk));
  }
  race_readings(now);
  for (const Readings::Wanted& each : reading_) {
    if (is_on_offer(each.chunk) && ask_for_reader(each, now) == Room::kNone) return;
  }
}

bool Download::is_on_offer(ChunkRef chunk) const { return open_.contains(chunk.item) && picker_.is_on_offer(chunk); }

// None: nobody can be asked for anything.
Download::Room Download::ask_for_reader(const Readings::Wanted& wanted, Instant now) {
  const std::uint32_t bytes = length(wanted.chunk);
  const auto soonness = [&](const Source& source) {
    return std::pair(source.usable() && !source.outrun ? 0 : 1, expected_of(source, bytes, now));
  };
  Source* soonest = nullptr;
  Source* free = nullptr;  // the soonest that has room
  bool room = false;
  for (auto& [id, source] : sources_) {
    if (source.resting_until) continue;
    const bool has_room = source.has_room(bytes);
    room = room || has_room;
    if (!may_ask(source, chunk_work(wanted.chunk))) continue;
    if (soonest == nullptr || soonness(source) < soonness(*soonest)) soonest = &source;
    if (has_room && (free == nullptr || soonness(source) < soonness(*free))) free = &source;
  }
  if (!room) return Room::kNone;
  if (free == nullptr) return Room::kLeft;
  const auto [doubt, expected] = soonness(*free);
  const bool worth_waiting = doubt > soonness(*soonest).first || expected > wanted.due;
  if (free != soonest && soonness(*soonest).first == 0 && worth_waiting) return Room::kLeft;
  if (!has_room(*free, bytes, now)) return Room::kNone;
  ask_chunk(*free, wanted.chunk, now);
  return Room::kLeft;
}

// As its window says, and as much later as its oldest answer is late already.
Duration Download::expected_of(const Source& source, std::uint32_t bytes, Instant now) const {
  const Request* oldest = book_.oldest_at(source.id);
  const Duration late = oldest == nullptr ? Duration::zero() : std::max(now - oldest->expected_at, Duration::zero());
  return late + source.window.expected(bytes);
}

// What has been asked for and will be late is asked of another too, if that helps. Looked at in every step and not only
// at intervals: whoever could help has room for a moment only, before it is given other work.
void Download::race_readings(Instant now) {
  reading_race_at_.reset();
  for (const Readings::Wanted& wanted : reading_) {
    const std::vector<RequestId> asked = book_.requests_for(chunk_work(wanted.chunk));
    if (asked.empty()) continue;
    reading_race_at_ = now + kRaceInterval;
    const bool late =
        std::ranges::all_of(asked, [&](RequestId id) { return still_expected_of(*book_.find(id), now) > wanted.due; });
    if (!late || !race_chunk(wanted.chunk, now)) continue;
    for (const RequestId id : asked) source_of(*book_.find(id)).outrun = true;
  }
}

}  // namespace essaim::swarm
