// The threads of an index pool and the queues they serve. Private to src/storage.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "storage/file_hashing.hpp"
#include "storage/hash_task.hpp"
#include "storage/hasher.hpp"
#include "storage/share_root.hpp"

namespace essaim::storage {

// Everything in it is under the core's lock, save `root` and `events`, which do not change.
struct IndexQueueState {
  std::shared_ptr<const ShareRoot> root;
  HashEvents events;
  std::deque<HashTask> waiting;
  std::list<std::shared_ptr<FileHashing>> begun;  // those with runs still to be taken
  std::size_t unanswered = 0;
  bool urgent = false;  // the first that waits goes before those begun
  std::string awaited;  // to be hashed next, but neither waiting nor begun when that was said
  bool cancelled = false;
};

class IndexPoolCore {
 public:
  using Queue = std::shared_ptr<IndexQueueState>;

  explicit IndexPoolCore(const IndexPoolOptions& options);
  ~IndexPoolCore();
  IndexPoolCore(const IndexPoolCore&) = delete;
  IndexPoolCore& operator=(const IndexPoolCore&) = delete;

  void add(const Queue& queue);
  void remove(const Queue& queue);
  void submit(const Queue& queue, HashTask task);
  void hash_next(const Queue& queue, std::string_view path);
  void wait_until_idle(const Queue& queue);
  void cancel(const Queue& queue);

 private:
  // What a thread does next: a run of a file that is begun, or a file to begin with.
  struct Unit {
    Queue queue;
    std::shared_ptr<FileHashing> file;
    FileHashing::Run run = 0;
    HashTask task;
    bool urgent = false;  // it goes before other files that are begun
    bool cancelled = false;
  };

  void work(const IndexPoolOptions& options);
  [[nodiscard]] std::optional<Unit> take_unit();
  [[nodiscard]] std::optional<Unit> take_from(const Queue& queue);
  void begin(Unit& unit, HashBuffer& buffer);
  void go_on(Unit& unit, HashBuffer& buffer);
  void answer(const Queue& queue, Expected<HashAnswer, HashFailure> answer);

  std::mutex mutex_;
  std::condition_variable work_;   // there is a unit, or the end
  std::condition_variable moved_;  // a queue has room, or is idle
  std::vector<Queue> queues_;
  std::size_t turn_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace essaim::storage
