// The way from a thread of the embedding program to the thread of one of our event loops.
#pragma once
#include <future>
#include <utility>

#include "transport/lane.hpp"

namespace essaim::embed {

// Runs `function` on the lane's thread and answers what it answers; at once where this is that thread. The lane must
// not have been stopped.
template <class Function>
auto call(transport::Lane& lane, Function function) {
  if (lane.is_this_thread()) return function();
  std::packaged_task<decltype(function())()> task(std::move(function));
  auto answer = task.get_future();
  lane.post([task = std::move(task)]() mutable { task(); });
  return answer.get();
}

}  // namespace essaim::embed
