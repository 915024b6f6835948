// A network of sources in virtual time, for one Download: each source answers one request after the other at its rate.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "swarm/download.hpp"
#include "swarm/rate.hpp"

namespace essaim::swarm {

struct Behaviour {
  std::uint64_t bytes_per_second = 10 * kMiB;
  Duration latency = 1ms;  // there and back
  Duration joins_at = 0s;
  std::optional<Duration> leaves_at{};
  std::optional<Duration> stalls_at{};  // takes requests, answers nothing any more
  std::optional<Duration> recovers_at{};
  std::uint32_t lies_every = 0;  // each so many-th answer is false; 0: never
  std::uint32_t busy_above = 0;  // answers busy to what comes while so many requests wait; 0: never
  // What it holds; without it, everything. Told chunk by chunk when it joins.
  std::function<bool(ChunkRef)> holds{};
  // How long after joining it tells of a chunk; without it, at once.
  std::function<Duration(ChunkRef)> gains_at{};
};

class SmallNetwork {
 public:
  SmallNetwork(std::vector<Item> items, std::vector<Behaviour> sources, std::uint64_t seed,
               DownloadOptions options = {})
      : download(items, options, seed),
        items_(std::move(items)),
        sources_(std::move(sources)),
        state_(sources_.size()) {
    for (std::size_t each = 0; each < sources_.size(); ++each) {
      const SourceId id{static_cast<std::uint32_t>(each)};
      at(sources_[each].joins_at, [this, id] { join(id); });
      if (sources_[each].leaves_at) at(*sources_[each].leaves_at, [this, id] { download.on_source_lost(id, now_); });
    }
  }

  // How long it took, if it came to its end within that time.
  std::optional<Duration> run(Duration limit) {
    while (!download.done()) {
      if (watch) watch(now_);
      act();
      if (download.done()) break;
      const std::optional<Instant> deadline = download.next_deadline();
      const bool event_first = !events_.empty() && (!deadline || events_.begin()->first.first <= *deadline);
      if (!event_first && !deadline) return std::nullopt;
      now_ = std::max(now_, event_first ? events_.begin()->first.first : *deadline);
      if (now_ > kBegin + limit) return std::nullopt;
      if (event_first) {
        const auto event = std::move(events_.begin()->second);
        events_.erase(events_.begin());
        event();
      } else {
        download.on_time(now_);
      }
    }
    act();
    return now_ - kBegin;
  }

  Download download;
  std::function<void(Instant now)> watch{};     // called before each step
  std::uint64_t trace = 14695981039346656037U;  // a hash of all actions and their times
  std::uint64_t chunks_asked = 0;
  std::uint64_t bytes_wasted = 0;  // answered truly and not needed
  std::map<SourceId, DropReason> dropped;
  std::size_t finished = 0;

 private:
  static constexpr Instant kBegin{1000s};
  struct State {
    Instant free_at = kBegin;
    std::uint32_t answers = 0;
    std::uint32_t waiting = 0;
  };

  void at(Duration after_begin, std::function<void()> event) {
    events_.emplace(std::pair{kBegin + after_begin, next_event_++}, std::move(event));
  }
  void note(std::uint64_t value) { trace = (trace ^ value) * 1099511628211U; }

  void act() {
    for (const Action& action : download.take_actions(now_)) {
      note(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
      note(action.index());
      std::visit([this](const auto& what) { obey(what); }, action);
    }
  }
  void obey(const AskChunk& ask) {
    note(std::to_underlying(ask.source));
    note(std::to_underlying(ask.chunk.item));
    note(std::to_underlying(ask.chunk.chunk));
    ++chunks_asked;
    const auto plan = content::plan_for(items_[std::to_underlying(ask.chunk.item)].size);
    answer(
        ask.source, plan->length(ask.chunk.chunk),
        [this, ask, bytes = plan->length(ask.chunk.chunk)](bool is_true) {
          if (is_true && download.has(ask.chunk)) bytes_wasted += bytes;
          if (is_true) {
            download.on_chunk_verified(ask.request, now_);
          } else {
            download.on_chunk_failed(ask.request, FailReason::kBadHash, now_);
          }
        },
        [this, ask] { download.on_chunk_failed(ask.request, FailReason::kBusy, now_); });
  }
  void obey(const AskManifest& ask) {
    note(std::to_underlying(ask.source));
    note(std::to_underlying(ask.item));
    answer(
        ask.source, ask.count * wire::kLeafBytes,
        [this, ask](bool is_true) {
          if (is_true) {
            download.on_manifest(ask.request, now_);
          } else {
            download.on_manifest_failed(ask.request, FailReason::kBadHash, now_);
          }
        },
        [this, ask] { download.on_manifest_failed(ask.request, FailReason::kBusy, now_); });
  }
  void obey(const CancelRequest& cancel) { note(std::to_underlying(cancel.request)); }
  void obey(const DropSource& drop) { dropped[drop.source] = drop.reason; }
  void obey(const FinishItem& finish) {
    note(std::to_underlying(finish.item));
    ++finished;
  }

  // A cancelled request is answered all the same: the wire knows no cancelling.
  void answer(SourceId id, std::uint32_t bytes, std::function<void(bool)> deliver, std::function<void()> refuse) {
    const Behaviour& source = sources_[std::to_underlying(id)];
    State& state = state_[std::to_underlying(id)];
    if (source.busy_above != 0 && state.waiting >= source.busy_above) {
      at(now_ - kBegin + source.latency, std::move(refuse));
      return;
    }
    Instant begin = std::max(state.free_at, now_ + source.latency);
    if (source.stalls_at && begin + time_for(bytes, source.bytes_per_second) > kBegin + *source.stalls_at) {
      if (!source.recovers_at) return;
      begin = std::max(begin, kBegin + *source.recovers_at);
    }
    state.free_at = begin + time_for(bytes, source.bytes_per_second);
    ++state.waiting;
    const bool is_true = source.lies_every == 0 || ++state.answers % source.lies_every != 0;
    at(state.free_at - kBegin, [this, id, is_true, deliver = std::move(deliver)] {
      --state_[std::to_underlying(id)].waiting;
      deliver(is_true);
    });
  }
  void join(SourceId id) {
    const Behaviour& source = sources_[std::to_underlying(id)];
    download.on_source_added(id, {.claim = source.holds ? Claim::kNone : Claim::kAll}, now_);
    if (!source.holds) return;
    for (std::uint32_t item = 0; item < items_.size(); ++item) {
      const std::uint32_t chunks = content::plan_for(items_[item].size)->chunks;
      for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
        const ChunkRef ref{ItemIndex{item}, content::ChunkIndex{chunk}};
        if (!source.holds(ref)) continue;
        const auto tell = [this, id, ref] { download.on_have(id, ref.item, {&ref.chunk, 1}, now_); };
        if (!source.gains_at) {
          tell();
        } else {
          at(now_ - kBegin + source.gains_at(ref), tell);
        }
      }
    }
  }

  std::vector<Item> items_;
  std::vector<Behaviour> sources_;
  std::vector<State> state_;
  std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> events_;
  std::uint64_t next_event_ = 0;
  Instant now_ = kBegin;
};

}  // namespace essaim::swarm
