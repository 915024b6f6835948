#include "swarm/download.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace essaim::swarm {

Download::Download(std::vector<Item> items, DownloadOptions options, std::uint64_t seed)
    : table_(std::move(items), options.order, seed),
      picker_(options.order, seed + 1),
      limit_(options.bytes_per_second),
      shared_limit_(std::move(options.shared_limit)) {
  ASSERT(table_.size() <= kItemsMax);
  for (std::size_t index = 0; index < table_.size(); ++index) {
    const ItemIndex item{static_cast<std::uint32_t>(index)};
    bytes_total_ += table_.item(item).size;
    if (table_.item(item).size != 0) continue;
    table_.set_done(item);
    pending_.emplace_back(FinishItem{item});
  }
}

void Download::pause() { paused_ = true; }

void Download::resume() { paused_ = false; }

void Download::set_bytes_per_second(std::optional<std::uint64_t> limit) {
  limit_.set_rate(limit);
  limited_until_.reset();
}

std::vector<Action> Download::take_actions(Instant now) {
  limited_until_.reset();
  if (paused_ || disk_rest_until_ || done()) {
    race_at_.reset();
    reading_race_at_.reset();
  } else if (!sources_.empty()) {
    open_ahead();
    serve_readers(now);
    for (auto& [id, source] : sources_) fill(source, now);
    race(now);
  }
  stalled_ = find_stall();
  return std::exchange(pending_, {});
}

std::optional<Instant> Download::next_deadline() const {
  if (done()) return std::nullopt;
  std::optional<Instant> next = book_.next_deadline();
  const auto include = [&next](const std::optional<Instant>& deadline) {
    if (deadline && (!next || *deadline < *next)) next = deadline;
  };
  for (const auto& [id, source] : sources_) include(source.resting_until);
  include(disk_rest_until_);
  include(limited_until_);
  include(race_at_);
  for (const auto& [item, when] : leaves_again_) include(when);
  include(reading_race_at_);
  return next;
}

void Download::on_time(Instant now) {
  for (auto& [id, source] : sources_) {
    if (source.resting_until && *source.resting_until <= now) source.resting_until.reset();
  }
  if (disk_rest_until_ && *disk_rest_until_ <= now) disk_rest_until_.reset();
  if (limited_until_ && *limited_until_ <= now) limited_until_.reset();
  if (race_at_ && *race_at_ <= now) race_at_.reset();
  for (auto next = leaves_again_.begin(); next != leaves_again_.end();) {
    const auto [item, when] = *next++;
    if (when <= now) want_manifest(item);
  }
  if (reading_race_at_ && *reading_race_at_ <= now) reading_race_at_.reset();
  while (const auto expired = book_.find_expired(now)) on_expired(*book_.find(*expired), now);
}

bool Download::done() const { return table_.done_count() == table_.size(); }

std::optional<StallReason> Download::find_stall() const {
  if (done()) return std::nullopt;
  if (paused_) return StallReason::kPaused;
  if (disk_rest_until_) return StallReason::kDisk;
  if (sources_.empty()) return StallReason::kNoSources;
  // Is everything that can be asked for here, and more to come as its owner reads it?
  const bool all_here = std::ranges::all_of(open_, [this](const auto& each) {
    const OpenItem& state = each.second;
    return table_.item(each.first).naming == Naming::kDraft && state.have.count() == state.leaves;
  });
  if (all_here && table_.closed_count() == 0) return StallReason::kBeingRead;
  if (limited_until_ || book_.size() > book_.overdue_count()) return std::nullopt;
  const bool silent = std::ranges::any_of(sources_, [](const auto& each) { return !each.second.usable(); });
  return silent || book_.size() > 0 ? StallReason::kAllSilent : StallReason::kNobodyHas;
}

Progress Download::progress(Instant now) const {
  Progress progress{.bytes_total = bytes_total_,
                    .bytes_verified = bytes_verified_,
                    .items_total = table_.size(),
                    .items_done = table_.done_count(),
                    .bytes_per_second = meter_.bytes_per_second(now)};
  for (const auto& [id, record] : records_) {
    SourceProgress each{.source = id, .bytes = record.bytes};
    if (const auto source = sources_.find(id); source != sources_.end()) {
      each.bytes_per_second = source->second.window.bytes_per_second();
      each.in_flight = source->second.window.requests_in_flight();
    } else if (record.bytes == 0) {
      continue;
    }
    progress.sources.push_back(each);
  }
  return progress;
}

bool Download::has(ChunkRef chunk) const {
  if (!table_.plan(chunk.item).has(chunk.chunk)) return false;
  if (table_.is_done(chunk.item)) return true;
  const auto state = open_.find(chunk.item);
  return state != open_.end() && state->second.have.test(std::to_underlying(chunk.chunk));
}

}  // namespace essaim::swarm
