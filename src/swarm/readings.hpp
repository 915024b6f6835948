// Where a download is read while it comes, and what is wanted first for that.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "base/time.hpp"
#include "content/chunk_plan.hpp"
#include "swarm/limits.hpp"
#include "swarm/types.hpp"

namespace essaim::swarm {

// Pure.
//
// === Specification ===
//  - Each reader is at one chunk of one item. Its *window* is that chunk and those after it, up to the end of the item,
//    as many as come in kReadAheadTime at the rate of the download; at least kReadAheadChunksMin and at most
//    kReadAheadBytesMax of them.
//    Why: what is nearer than that is missed first when a source fails; what is farther is better fetched in an order
//    that serves the swarm.
//  - A chunk is *due* when a reader that takes all the download gives would get to it: after the bytes between its
//    position and the chunk, at the rate. In windows of several readers the earliest counts. While there is no rate,
//    all but the chunks at the positions are due at a time far away.
//  - The Download asks for the chunks of windows before all others, the earliest due first, each of the source expected
//    to deliver it soonest. Another that has room while the soonest has none gets it if it is expected in time; else
//    the chunk waits for the soonest. Nothing else of the order of a download changes.
//    Why: a reader waits for the latest of what is next to it; a slow source helps with what is farther away.
//  - A chunk that is asked for and expected later than it is due is raced as in the endgame. Who is raced is *outrun*:
//    until it delivers, it is asked for chunks of windows only if nobody else can be.
//    Why: a source that stalls is overdue after 2 s only, and what is cancelled there makes room for more.
//  - A position may go anywhere, back too (a seek). More than kReadersMax readers are not known; whoever comes when
//    there is room again is.
// Cost: wanted() O(n log n) in the chunks of all windows; all else O(log readers), contains() O(readers).
class Readings {
 public:
  struct Wanted {
    ChunkRef chunk;
    Duration due{};  // from now
    friend bool operator==(const Wanted&, const Wanted&) = default;
  };

  // Only for a chunk that the plan, which is the item's, has. False where nothing has changed by it.
  bool set(ReaderId reader, ChunkRef position, const content::ChunkPlan& plan);
  bool end(ReaderId reader) { return readers_.erase(reader) > 0; }
  void set_rate(std::uint64_t bytes_per_second) { rate_ = bytes_per_second; }

  [[nodiscard]] bool empty() const { return readers_.empty(); }
  [[nodiscard]] bool contains(ChunkRef chunk) const;
  // All chunks of all windows, each once: the earliest due first, of equals as they stand in the list.
  [[nodiscard]] std::vector<Wanted> wanted() const;

 private:
  struct Reading {
    ChunkRef position;
    content::ChunkPlan plan;
  };
  // One past the last chunk of its window.
  [[nodiscard]] std::uint32_t window_end(const Reading& reading) const;

  std::map<ReaderId, Reading> readers_;
  std::uint64_t rate_ = 0;  // bytes a second
};

}  // namespace essaim::swarm
