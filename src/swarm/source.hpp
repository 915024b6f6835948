// A peer that a download takes chunks from.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "swarm/holdings.hpp"
#include "swarm/limits.hpp"
#include "swarm/source_window.hpp"
#include "swarm/types.hpp"

namespace essaim::swarm {

struct Source {
  Source(SourceId source, const SourceTraits& traits, std::size_t items)
      : id(source), manifests(traits.manifests), holdings(traits.claim, items), window(traits.requests_max) {}

  // Asked for nothing until `now` + the rest, which doubles each time; a source that rests already is left alone.
  void begin_rest(Instant now) {
    if (resting_until) return;
    resting_until = now + next_rest;
    next_rest = std::min<Duration>(2 * next_rest, kRestMax);
  }
  void on_delivery(Instant now) {
    delivered_at = now;
    next_rest = kRestMin;
    refusals_in_a_row = 0;
    snubbed = false;
    outrun = false;
  }
  [[nodiscard]] bool has_room(std::uint32_t bytes) const {
    return snubbed || has_lied ? window.requests_in_flight() == 0 : window.has_room(bytes);
  }
  // There was no room. Only with requests in flight.
  void note_full() { full_above = window.requests_in_flight() - std::max(window.requests_in_flight() / 8, 1U); }
  void note_ended() {
    if (full_above && window.requests_in_flight() <= *full_above) full_above.reset();
  }
  // Is it one that can be expected to answer?
  [[nodiscard]] bool usable() const { return !snubbed && !resting_until; }

  SourceId id;
  Manifests manifests;
  Holdings holdings;
  SourceWindow window;
  std::uint32_t manifests_in_flight = 0;
  std::uint32_t refusals_in_a_row = 0;
  std::optional<Instant> delivered_at;   // the last time
  std::optional<Instant> resting_until;  // cleared by Download::on_time()
  Duration next_rest = kRestMin;
  bool has_lied = false;  // at least once, now or before it came back
  bool snubbed = false;   // a request is overdue and nothing has come since it was made
  bool outrun = false;    // it was raced for a reader, and nothing has come since
  // Why it need not be looked at. Dry: there was nothing to ask of it, and nothing has changed since. Full: there was
  // no room in its window; it is again looked at when no more requests than these are in flight, so that one look at
  // what is on offer fills an eighth of the window and not one place.
  bool dry = false;
  std::optional<std::uint32_t> full_above{};
};

// What is remembered of a source when it has left.
struct SourceRecord {
  std::uint64_t bytes = 0;
  std::uint32_t lies = 0;
  std::optional<DropReason> dropped{};
};

}  // namespace essaim::swarm
