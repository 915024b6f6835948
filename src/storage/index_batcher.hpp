// Gathers what one index job finds into batches. Private to src/storage.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

#include "storage/index_job.hpp"

namespace essaim::storage {

// Thread-safe: the job's walker and the pool's threads all put in. Hands a batch out when it is large, or old; one at a
// time, so batches come in the order in which their finds were put in.
class IndexBatcher {
 public:
  using OnBatch = std::function<void(IndexBatch)>;

  IndexBatcher(ShareId share, const OnBatch& on_batch);

  void put(IndexedFile file);
  // A file that is to be hashed, for people to see meanwhile.
  void show(FileRecord record);
  void remove(std::string path);
  // The same for a path that may have been put in before: a batch's removals are applied before its additions.
  void retract(std::string path);
  void put_hashed(IndexedFile file);
  void put_sha256(Sha256Found found);
  void skip(SkippedEntry entry);
  void fail_job(StorageError error);  // the first one counts
  void count_seen();
  void count_bytes(std::uint64_t bytes);

  // Hands out what there is without waiting for more.
  void hurry();
  // Hands out what is left and says what it all came to.
  [[nodiscard]] IndexSummary finish(IndexJob::Kind kind);

 private:
  using Clock = std::chrono::steady_clock;
  void flush_if_due();
  void flush();

  std::mutex mutex_;
  const OnBatch& on_batch_;
  IndexBatch batch_;
  std::size_t batch_leaves_ = 0;
  bool shows_ = false;  // the batch has a file that is not hashed yet
  Clock::time_point flushed_;
  bool handed_out_ = false;  // a batch was
  IndexSummary summary_;
};

}  // namespace essaim::storage
