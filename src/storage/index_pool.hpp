// A pool of threads that hashes files: small ones side by side, the chunks of a large one by all threads at once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "storage/hash_task.hpp"
#include "storage/share_root.hpp"

namespace essaim::storage {

class IndexPoolCore;
struct IndexQueueState;

// One client's tasks. The pool serves its queues in turn, a run of kIndexRunBytes or one small file each, so a short
// queue is done soon whatever stands in the others. Used by one thread.
class IndexQueue {
 public:
  IndexQueue(IndexQueue&&) noexcept;
  IndexQueue& operator=(IndexQueue&&) = delete;
  // Cancels what is left and waits until no callback runs.
  ~IndexQueue();

  // Blocks while the queue is full. Every task gets one answer, kCancelled at least.
  void submit(HashTask task);
  // Puts a task that is not done yet before the others of the queue; nothing where there is none. May be called from
  // any thread.
  void hash_next(std::string_view path);
  // Blocks until every task has been answered.
  void wait_until_idle();
  // What is not done yet is answered kCancelled. May be called from any thread.
  void cancel();

 private:
  friend class IndexPool;
  IndexQueue(std::shared_ptr<IndexPoolCore> core, std::shared_ptr<IndexQueueState> state);
  std::shared_ptr<IndexPoolCore> core_;
  std::shared_ptr<IndexQueueState> state_;
};

class IndexPool {
 public:
  explicit IndexPool(const IndexPoolOptions& options);
  // Every queue must be gone.
  ~IndexPool();
  IndexPool(const IndexPool&) = delete;
  IndexPool& operator=(const IndexPool&) = delete;

  [[nodiscard]] IndexQueue make_queue(std::shared_ptr<const ShareRoot> root, HashEvents events);

 private:
  std::shared_ptr<IndexPoolCore> core_;
};

}  // namespace essaim::storage
