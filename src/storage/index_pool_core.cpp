#include "storage/index_pool_core.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "storage/thread_priority.hpp"

namespace essaim::storage {

using Kind = StorageError::Kind;

IndexPoolCore::IndexPoolCore(const IndexPoolOptions& options) {
  const std::size_t wanted = options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
  const std::size_t count = std::clamp<std::size_t>(wanted, 1, kIndexThreadsMax);
  for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this, options] { work(options); });
}

IndexPoolCore::~IndexPoolCore() {
  {
    const std::lock_guard lock(mutex_);
    ASSERT(queues_.empty());
    ending_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void IndexPoolCore::add(const Queue& queue) {
  const std::lock_guard lock(mutex_);
  queues_.push_back(queue);
}

void IndexPoolCore::remove(const Queue& queue) {
  const std::lock_guard lock(mutex_);
  std::erase(queues_, queue);
}

void IndexPoolCore::submit(const Queue& queue, HashTask task) {
  {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return queue->waiting.size() < kIndexQueueTasksMax; });
    if (task.path == queue->awaited) {
      queue->waiting.push_front(std::move(task));
      queue->urgent = true;
    } else {
      queue->waiting.push_back(std::move(task));
    }
    ++queue->unanswered;
  }
  work_.notify_one();
}

void IndexPoolCore::hash_next(const Queue& queue, std::string_view path) {
  const std::lock_guard lock(mutex_);
  const auto begun = std::ranges::find(queue->begun, path, [](const auto& file) { return file->path(); });
  const auto waiting = std::ranges::find(queue->waiting, path, &HashTask::path);
  if (begun != queue->begun.end()) {
    queue->begun.splice(queue->begun.begin(), queue->begun, begun);
    queue->urgent = false;
  } else if (waiting != queue->waiting.end()) {
    std::rotate(queue->waiting.begin(), waiting, std::next(waiting));
    queue->urgent = true;
  } else {
    queue->awaited = path;
  }
}

void IndexPoolCore::wait_until_idle(const Queue& queue) {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [&] { return queue->unanswered == 0; });
}

void IndexPoolCore::cancel(const Queue& queue) {
  const std::lock_guard lock(mutex_);
  queue->cancelled = true;
}

void IndexPoolCore::work(const IndexPoolOptions& options) {
  if (options.priority == IndexPoolOptions::Priority::kBackground) yield_to_others();
  HashBuffer buffer;
  while (true) {
    std::optional<Unit> unit;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [&] { return (unit = take_unit()).has_value() || ending_; });
    }
    if (!unit) return;
    if (options.before_run) options.before_run();
    if (unit->file) {
      go_on(*unit, buffer);
    } else {
      begin(*unit, buffer);
    }
  }
}

std::optional<IndexPoolCore::Unit> IndexPoolCore::take_unit() {
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    turn_ = (turn_ + 1) % queues_.size();
    if (auto unit = take_from(queues_[turn_])) return unit;
  }
  return std::nullopt;
}

// Files that are begun go first: they hold a descriptor. Only what somebody waits for goes before them.
std::optional<IndexPoolCore::Unit> IndexPoolCore::take_from(const Queue& queue) {
  Unit unit{.queue = queue, .file = nullptr, .run = 0, .task = {}, .urgent = false, .cancelled = queue->cancelled};
  const auto file = std::ranges::find_if(queue->begun, [](const auto& begun) { return begun->has_run(); });
  if (file != queue->begun.end() && !queue->urgent) {
    unit.file = *file;
    unit.run = unit.file->claim();
    if (unit.file->all_claimed()) queue->begun.erase(file);
    return unit;
  }
  if (queue->waiting.empty()) return std::nullopt;
  unit.urgent = std::exchange(queue->urgent, false);
  const bool was_full = queue->waiting.size() == kIndexQueueTasksMax;
  unit.task = std::move(queue->waiting.front());
  queue->waiting.pop_front();
  if (was_full) moved_.notify_all();
  return unit;
}

void IndexPoolCore::begin(Unit& unit, HashBuffer& buffer) {
  if (unit.cancelled) {
    StorageError error = fail_kind(Kind::kCancelled, unit.task.path).error();
    return answer(unit.queue, fail(HashFailure{.path = std::move(unit.task.path), .error = std::move(error)}));
  }
  auto opened = FileHashing::open(*unit.queue->root, std::move(unit.task));
  if (!opened) return answer(unit.queue, fail(std::move(opened.error())));
  unit.file = std::move(*opened);
  unit.run = unit.file->claim();
  if (!unit.file->all_claimed()) {
    {
      const std::lock_guard lock(mutex_);
      auto& begun = unit.queue->begun;
      const bool first = unit.urgent || unit.file->path() == unit.queue->awaited;
      begun.insert(first ? begun.begin() : begun.end(), unit.file);
    }
    work_.notify_all();
  }
  go_on(unit, buffer);
}

void IndexPoolCore::go_on(Unit& unit, HashBuffer& buffer) {
  FileHashing& file = *unit.file;
  Result<void> done = unit.cancelled ? fail_kind(Kind::kCancelled, file.path())
                                     : file.work(unit.run, buffer, unit.queue->events.on_leaves);
  if (done && unit.queue->events.on_bytes) unit.queue->events.on_bytes(file.bytes_of(unit.run));
  bool finished = false;
  bool more = false;
  {
    const std::lock_guard lock(mutex_);
    const bool handed_out = file.all_claimed();
    file.finish_run(std::move(done));
    // A failure hands out no more runs: the file is then done with, or will be when the other threads are.
    if (!handed_out && file.all_claimed()) std::erase(unit.queue->begun, unit.file);
    finished = file.is_finished();
    more = file.has_run();
  }
  if (more) work_.notify_one();
  if (finished) answer(unit.queue, file.answer());
}

void IndexPoolCore::answer(const Queue& queue, Expected<HashAnswer, HashFailure> answer) {
  queue->events.on_answer(std::move(answer));
  bool idle = false;
  {
    const std::lock_guard lock(mutex_);
    idle = --queue->unanswered == 0;
  }
  if (idle) moved_.notify_all();
}

}  // namespace essaim::storage
