// Virtual time: events in the order of their instants, and of equals in the order in which they were made.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/time.hpp"

namespace essaim::sim {

using namespace std::chrono_literals;

[[nodiscard]] inline double seconds(Duration time) { return static_cast<double>(time.count()) / 1e6; }

class Clock {
 public:
  using Event = std::move_only_function<void()>;

  [[nodiscard]] Instant now() const { return now_; }
  // An instant that has passed counts as now.
  void at(Instant when, Event event) {
    events_.push_back({std::max(when, now_), ++made_, std::move(event)});
    std::ranges::push_heap(events_, Later{});
  }
  void after(Duration time, Event event) { at(now_ + time, std::move(event)); }

  // Runs the next event; false when there is none.
  bool step() {
    if (events_.empty()) return false;
    std::ranges::pop_heap(events_, Later{});
    Entry next = std::move(events_.back());
    events_.pop_back();
    ASSERT(next.at >= now_);
    now_ = next.at;
    next.event();
    return true;
  }

 private:
  struct Entry {
    Instant at;
    std::uint64_t number = 0;
    Event event;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const { return a.at != b.at ? a.at > b.at : a.number > b.number; }
  };

  Instant now_{1000s};
  std::uint64_t made_ = 0;
  std::vector<Entry> events_;  // a heap
};

}  // namespace essaim::sim
