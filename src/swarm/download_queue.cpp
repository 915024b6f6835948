#include "swarm/download_queue.hpp"

#include <algorithm>

namespace essaim::swarm {

void DownloadQueue::restore(const std::map<QueuedDownload, Turn>& known) {
  for (const auto& [id, turn] : known) all_.emplace(id, Place{.turn = turn});
  start_next();
}

Turn DownloadQueue::put_last(QueuedDownload id) {
  Turn last = 0;
  for (const auto& [other, place] : all_) last = std::max(last, other > id ? place.turn + 1 : place.turn);
  const auto [at, is_new] = all_.emplace(id, Place{.turn = last});
  if (is_new) start_next();
  return at->second.turn;
}

Turn DownloadQueue::put_first(QueuedDownload id) {
  Turn first = 0;
  for (const auto& [other, place] : all_) first = std::min(first, place.turn - 1);
  Place& place = all_[id];
  place.turn = first;
  if (!running_.contains(id)) {
    if (places_taken() >= at_once_) hold_last_busy();
    start_next();
  }
  return first;
}

void DownloadQueue::remove(QueuedDownload id) {
  all_.erase(id);
  running_.erase(id);
  start_next();
}

void DownloadQueue::set_busy(QueuedDownload id, bool busy) {
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  found->second.busy = busy;
  start_next();
}

std::size_t DownloadQueue::places_taken() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(running_, [this](QueuedDownload id) { return all_.at(id).busy; }));
}

void DownloadQueue::hold_last_busy() {
  const Entry* last = nullptr;
  for (const QueuedDownload id : running_) {
    const Entry& entry = *all_.find(id);
    if (entry.second.busy && (last == nullptr || entry.second.turn >= last->second.turn)) last = &entry;
  }
  if (last != nullptr) running_.erase(last->first);
}

void DownloadQueue::start_next() {
  while (places_taken() < at_once_) {
    const Entry* next = nullptr;
    for (const Entry& entry : all_) {
      if (running_.contains(entry.first)) continue;
      if (next == nullptr || entry.second.turn < next->second.turn) next = &entry;
    }
    if (next == nullptr) return;
    running_.insert(next->first);
  }
}

}  // namespace essaim::swarm
