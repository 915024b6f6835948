#include "storage/indexer.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "storage/catalogue.hpp"
#include "storage/index_batcher.hpp"
#include "storage/known_files.hpp"
#include "storage/share_comparison.hpp"
#include "storage/thread_priority.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

IndexedFile indexed_file(HashAnswer answer) {
  IndexedFile file;
  file.record.path = std::move(answer.path);
  file.record.kind = FileKind::kFile;
  file.record.size = answer.stat.size;
  file.record.mtime = answer.stat.mtime;
  file.record.inode = answer.stat.inode;
  file.record.executable = answer.stat.executable;
  file.record.content_id = answer.content_id;
  file.leaves = std::move(answer.leaves);
  return file;
}

SkipReason reason_of(Kind kind) {
  switch (kind) {
    case Kind::kChanged: return SkipReason::kChanged;
    case Kind::kNotRegular:
    case Kind::kOutside: return SkipReason::kNotRegular;
    case Kind::kTooLarge: return SkipReason::kTooLarge;
    default: return SkipReason::kUnreadable;
  }
}

}  // namespace

// One job: a thread that walks, while the pool hashes what it finds.
class Indexer::Run {
 public:
  Run(IndexJob job, IndexPool& pool, const IndexEvents& events)
      : job_(std::move(job)), pool_(pool), events_(events), batcher_(job_.share, events.on_batch) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  [[nodiscard]] const IndexJob& job() const { return job_; }
  [[nodiscard]] bool is_over() const { return over_.load(std::memory_order_acquire); }
  void cancel() { thread_.request_stop(); }
  void hash_next(std::string_view path) {
    const std::lock_guard lock(awaited_mutex_);
    if (queue_ == nullptr) return;
    awaited_.emplace(path);
    queue_->hash_next(path);
  }

 private:
  // Lets hash_next() reach the queue for as long as there is one.
  class HashedNow {
   public:
    HashedNow(Run& run, IndexQueue& queue) : run_(run) { set(&queue); }
    ~HashedNow() { set(nullptr); }
    HashedNow(const HashedNow&) = delete;
    HashedNow& operator=(const HashedNow&) = delete;

   private:
    void set(IndexQueue* queue) {
      const std::lock_guard lock(run_.awaited_mutex_);
      run_.queue_ = queue;
    }
    Run& run_;
  };

  void run(const std::stop_token& stop) {
    yield_to_others();
    const auto done = job_.kind == IndexJob::Kind::kContent ? index_content(stop) : index_sha256(stop);
    if (!done) batcher_.fail_job(done.error());
    events_.on_done(batcher_.finish(job_.kind));
    over_.store(true, std::memory_order_release);
  }

  [[nodiscard]] Result<void> index_content(const std::stop_token& stop);
  [[nodiscard]] Result<void> index_sha256(const std::stop_token& stop);
  [[nodiscard]] Result<void> walk(const ShareRoot& root, ShareComparison& comparison, const std::stop_token& stop);
  [[nodiscard]] Result<void> wait_for(IndexQueue& queue, const std::stop_token& stop) const;
  void submit(IndexQueue& queue, const FileRecord& seen);
  void on_answer(Expected<HashAnswer, HashFailure> answer);
  void on_leaves(LeavesFound found);
  [[nodiscard]] bool is_awaited(const std::string& path);
  void on_failure(HashFailure failure);

  IndexJob job_;
  IndexPool& pool_;
  const IndexEvents& events_;
  IndexBatcher batcher_;
  std::atomic<bool> over_ = false;
  std::mutex awaited_mutex_;
  IndexQueue* queue_ = nullptr;                 // while the job hashes content
  std::set<std::string, std::less<>> awaited_;  // paths that hash_next() was called for
  std::jthread thread_;                         // last, so that it ends before what it uses
};

Result<void> Indexer::Run::index_content(const std::stop_token& stop) {
  auto opened = ShareRoot::open(job_.path);
  if (!opened) return fail(std::move(opened.error()));
  auto catalogue = Catalogue::open_read_only(job_.catalogue_path);
  if (!catalogue) return fail(std::move(catalogue.error()));
  const auto root = std::make_shared<const ShareRoot>(std::move(*opened));
  KnownFiles known(catalogue->files(), job_.share);
  IndexQueue queue = pool_.make_queue(root, {.on_answer = [this](auto answer) { on_answer(std::move(answer)); },
                                             .on_bytes = [this](std::uint64_t bytes) { batcher_.count_bytes(bytes); },
                                             .on_leaves = [this](auto found) { on_leaves(std::move(found)); }});
  const HashedNow hashed_now(*this, queue);
  ShareComparison comparison({.next_known = [&] { return known.next(); },
                              .put = [this](FileRecord record) { batcher_.put({.record = std::move(record)}); },
                              .hash = [&](const FileRecord& seen) { submit(queue, seen); },
                              .remove = [this](std::string path) { batcher_.remove(std::move(path)); }});
  const std::stop_callback cancel(stop, [&] { queue.cancel(); });
  if (auto walked = walk(*root, comparison, stop); !walked) {
    queue.cancel();
    return walked;
  }
  batcher_.hurry();  // people can see all there is, however long the hashing takes
  return wait_for(queue, stop);
}

Result<void> Indexer::Run::walk(const ShareRoot& root, ShareComparison& comparison, const std::stop_token& stop) {
  std::stop_source end_of_scan;
  const std::stop_callback pass_on(stop, [&] { end_of_scan.request_stop(); });
  Result<void> compared;
  const auto on_entry = [&](const ScannedEntry& entry) {
    if (!compared) return;
    if (entry.stat.kind == FileKind::kFile) batcher_.count_seen();
    compared = comparison.on_entry(entry);
    if (!compared) end_of_scan.request_stop();
  };
  const auto on_skipped = [&](const SkippedEntry& entry) { batcher_.skip(entry); };
  const auto scanned = scan(root, {.on_entry = on_entry, .on_skipped = on_skipped}, end_of_scan.get_token());
  if (!compared) return compared;
  return scanned ? comparison.finish() : scanned;
}

Result<void> Indexer::Run::index_sha256(const std::stop_token& stop) {
  auto opened = ShareRoot::open(job_.path);
  if (!opened) return fail(std::move(opened.error()));
  auto catalogue = Catalogue::open_read_only(job_.catalogue_path);
  if (!catalogue) return fail(std::move(catalogue.error()));
  const auto root = std::make_shared<const ShareRoot>(std::move(*opened));
  KnownFiles missing(catalogue->files(), job_.share, &FileTable::page_without_sha256);
  IndexQueue queue = pool_.make_queue(root, {.on_answer = [this](auto answer) { on_answer(std::move(answer)); },
                                             .on_bytes = [this](std::uint64_t bytes) { batcher_.count_bytes(bytes); },
                                             .on_leaves = {}});
  const std::stop_callback cancel(stop, [&] { queue.cancel(); });
  while (!stop.stop_requested()) {
    auto record = missing.next();
    if (!record) return fail(std::move(record.error()));
    if (!*record) break;
    batcher_.count_seen();
    queue.submit({.path = std::move((*record)->path), .kind = HashKind::kSha256});
  }
  return wait_for(queue, stop);
}

Result<void> Indexer::Run::wait_for(IndexQueue& queue, const std::stop_token& stop) const {
  queue.wait_until_idle();
  if (stop.stop_requested()) return fail_kind(Kind::kCancelled, job_.path);
  return {};
}

void Indexer::Run::submit(IndexQueue& queue, const FileRecord& seen) {
  if (seen.size > kShownBeforeHashBytes) batcher_.show(seen);
  queue.submit({.path = seen.path, .kind = HashKind::kContent});
}

void Indexer::Run::on_answer(Expected<HashAnswer, HashFailure> answer) {
  const bool awaited = is_awaited(answer ? answer->path : answer.error().path);
  if (!answer) {
    on_failure(std::move(answer.error()));
  } else if (job_.kind == IndexJob::Kind::kContent) {
    batcher_.put_hashed(indexed_file(std::move(*answer)));
  } else {
    batcher_.put_sha256({.path = std::move(answer->path), .of = answer->stat.fingerprint(), .hash = answer->sha256});
  }
  if (awaited) batcher_.hurry();
}

bool Indexer::Run::is_awaited(const std::string& path) {
  const std::lock_guard lock(awaited_mutex_);
  return awaited_.contains(path);
}

void Indexer::Run::on_leaves(LeavesFound found) {
  if (events_.on_leaves) events_.on_leaves({.share = job_.share, .found = std::move(found)});
}

// What cannot be hashed cannot be served: it is not kept in the catalogue, and the next scan tries again. To be out of
// descriptors says nothing about the file; then the job has failed and the catalogue stays as it is.
void Indexer::Run::on_failure(HashFailure failure) {
  const Kind kind = failure.error.kind;
  if (kind == Kind::kCancelled) return;
  if (kind == Kind::kTooManyOpen) return batcher_.fail_job(std::move(failure.error));
  if (job_.kind == IndexJob::Kind::kContent) batcher_.retract(failure.path);
  if (kind != Kind::kNotFound) batcher_.skip({.path = std::move(failure.path), .reason = reason_of(kind)});
}

Indexer::Indexer(const IndexPoolOptions& options, IndexEvents events) : events_(std::move(events)), pool_(options) {}

Indexer::~Indexer() {
  for (const auto& run : runs_) run->cancel();
}

void Indexer::start(const IndexJob& job) {
  const auto replaced = [&](const std::unique_ptr<Run>& run) {
    return run->is_over() || (run->job().share == job.share && run->job().kind == job.kind);
  };
  std::erase_if(runs_, replaced);
  runs_.push_back(std::make_unique<Run>(job, pool_, events_));
}

void Indexer::hash_next(ShareId share, std::string_view path) {
  for (const auto& run : runs_) {
    if (run->job().share == share) run->hash_next(path);
  }
}

void Indexer::cancel(ShareId share) {
  for (const auto& run : runs_) {
    if (run->job().share == share) run->cancel();
  }
}

}  // namespace essaim::storage
