// A pool of threads that hashes files: small ones side by side, the chunks of a large one by all threads at once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "storage/hasher.hpp"
#include "storage/share_root.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

enum class HashKind : std::uint8_t { kContent, kSha256 };

struct HashAnswer {
  std::string path;          // as in the task
  FileStat stat;             // of the file as it was hashed
  ContentId content_id;      // kContent
  std::vector<Leaf> leaves;  // kContent
  Sha256 sha256;             // kSha256
};

struct HashFailure {
  std::string path;
  StorageError error;
};

// Both are called from the pool's threads, several at once; they must not block for long, nor destroy the queue.
struct HashEvents {
  std::function<void(Expected<HashAnswer, HashFailure>)> on_answer;
  std::function<void(std::uint64_t bytes)> on_bytes;  // may be empty
};

struct HashTask {
  std::string path;  // in the catalogue's form (ShareRoot::locate)
  HashKind kind = HashKind::kContent;
};

struct IndexPoolOptions {
  std::size_t threads = 0;  // 0: one a core
  // Background threads yield the processor and the disk to everyone else.
  enum class Priority : std::uint8_t { kNormal, kBackground } priority = Priority::kBackground;
};

inline constexpr std::size_t kIndexThreadsMax = 64;
// Tasks of one queue that wait; submit() blocks beyond it.
inline constexpr std::size_t kIndexQueueTasksMax = 1024;
// How much of a large file a thread takes at a time.
inline constexpr std::uint64_t kIndexRunBytes = 4 * kMiB;

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
  explicit IndexPool(IndexPoolOptions options);
  // Every queue must be gone.
  ~IndexPool();
  IndexPool(const IndexPool&) = delete;
  IndexPool& operator=(const IndexPool&) = delete;

  [[nodiscard]] IndexQueue make_queue(std::shared_ptr<const ShareRoot> root, HashEvents events);

 private:
  std::shared_ptr<IndexPoolCore> core_;
};

}  // namespace essaim::storage
