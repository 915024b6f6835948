// Which downloads run, and which wait for their turn.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace essaim::swarm {

// Names a download, whatever its owner numbers them by.
enum class QueuedDownload : std::int64_t {};
// Its place in the line: the least is next; of equals, the download with the least number. Kept by the owner over
// restarts.
using Turn = std::int64_t;

// Pure: no I/O, no clock; same calls, same answers.
//
// === Specification ===
//  - At most `at_once` downloads run that are busy; the others wait, in the order of their turns.
//    Why: two files side by side halve the speed of a disk that seeks, and the first result comes later for all.
//  - One that runs without being busy (nobody who has it is near; its owner still reads it) takes no place, and keeps
//    running. When it becomes busy again nothing is taken from those that were begun meanwhile.
//    Why: what waits for a person who may never come back must not hold up the rest; and stopping and starting whenever
//    a source comes and goes would cost more than a place too many.
//  - Put first, a download is next; where no place is free, the busy one with the last turn waits again.
//
// Cost: O(downloads) a call; they are few.
class DownloadQueue {
 public:
  explicit DownloadQueue(std::size_t at_once) : at_once_(at_once) {}

  // Those of an earlier run of the owner, with the turns they had then.
  void restore(const std::map<QueuedDownload, Turn>& known);
  // Into the line; the answer is its turn. One that is in it keeps its place, unless it is put first.
  Turn put_last(QueuedDownload id);
  Turn put_first(QueuedDownload id);
  // It has ended, or was paused.
  void remove(QueuedDownload id);
  void set_busy(QueuedDownload id, bool busy);

  // Those that should be running now; the owner starts and holds accordingly.
  [[nodiscard]] const std::set<QueuedDownload>& running() const { return running_; }
  [[nodiscard]] bool knows(QueuedDownload id) const { return all_.contains(id); }

 private:
  struct Place {
    Turn turn = 0;
    bool busy = true;
  };
  using Entry = std::map<QueuedDownload, Place>::value_type;

  [[nodiscard]] std::size_t places_taken() const;
  void hold_last_busy();
  void start_next();

  std::size_t at_once_;
  std::map<QueuedDownload, Place> all_;
  std::set<QueuedDownload> running_;
};

}  // namespace essaim::swarm
