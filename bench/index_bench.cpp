// How fast a folder becomes a share: index_bench PATH [HOME]
//
// Scans PATH, hashes every file, stores all of it in a catalogue in a temporary home (or in HOME, which is kept), then
// scans once more with nothing changed. Prints one JSON object. Compare: find PATH -type f -print0 | xargs -0 b3sum
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stdlib.h>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "storage/catalogue.hpp"
#include "storage/home.hpp"
#include "storage/indexer.hpp"

namespace {

using namespace essaim;
using namespace essaim::storage;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Stands in for the control thread: the indexer's threads post, the owner of the catalogue writes.
class Inbox {
 public:
  void post(IndexBatch batch) {
    const std::lock_guard lock(mutex_);
    batches_.push_back(std::move(batch));
    arrived_.notify_one();
  }
  void post(IndexSummary summary) {
    const std::lock_guard lock(mutex_);
    summary_ = std::move(summary);
    arrived_.notify_one();
  }
  // The next batch; nothing when the job is over.
  std::optional<IndexBatch> take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return !batches_.empty() || summary_; });
    if (batches_.empty()) return std::nullopt;
    IndexBatch batch = std::move(batches_.front());
    batches_.pop_front();
    return batch;
  }
  IndexSummary take_summary() {
    const std::lock_guard lock(mutex_);
    return *std::exchange(summary_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<IndexBatch> batches_;
  std::optional<IndexSummary> summary_;
};

[[noreturn]] void give_up(const StorageError& error) {
  fmt::print(stderr, "{}\n", describe(error));
  std::exit(1);
}

struct Pass {
  double seconds = 0;
  IndexSummary summary;
};

Pass index_once(Catalogue& catalogue, const IndexJob& job) {
  const auto start = Clock::now();
  Inbox inbox;
  Indexer indexer({.threads = 0, .priority = IndexPoolOptions::Priority::kNormal},
                  {.on_batch = [&](IndexBatch batch) { inbox.post(std::move(batch)); },
                   .on_done = [&](IndexSummary summary) { inbox.post(std::move(summary)); }});
  indexer.start(job);
  while (const auto batch = inbox.take()) {
    if (const auto applied = catalogue.files().apply(batch->changes); !applied) give_up(applied.error());
  }
  return {.seconds = seconds_since(start), .summary = inbox.take_summary()};
}

Pass checked(Pass pass) {
  if (pass.summary.error) give_up(*pass.summary.error);
  return pass;
}

int run(const std::string& path, const std::string& home_path) {
  const auto home = Home::open(home_path);
  if (!home) give_up(home.error());
  auto catalogue = Catalogue::open(home->catalogue_path());
  if (!catalogue) give_up(catalogue.error());
  ShareRecord share;
  share.name = path;
  share.path = path;
  const auto id = catalogue->shares().add(share);
  if (!id) give_up(id.error());
  const IndexJob job{.share = *id, .path = path, .catalogue_path = home->catalogue_path()};
  const Pass first = checked(index_once(*catalogue, job));
  const Pass again = checked(index_once(*catalogue, job));
  const auto& progress = first.summary.progress;
  fmt::print(
      R"({{"seconds":{:.3f},"files":{},"bytes":{},"mb_per_second":{:.0f},"skipped":{},"rescan_seconds":{:.3f},"rescan_hashed":{}}})"
      "\n",
      first.seconds, progress.files_hashed, progress.bytes_hashed,
      static_cast<double>(progress.bytes_hashed) / first.seconds / 1e6, first.summary.skipped_total, again.seconds,
      again.summary.progress.files_hashed);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    fmt::print(stderr, "usage: index_bench PATH [HOME]\n");
    return 2;
  }
  if (argc == 3) return run(argv[1], argv[2]);
  std::string home = (std::filesystem::temp_directory_path() / "essaim-bench-XXXXXX").string();
  if (::mkdtemp(home.data()) == nullptr) return 1;
  const int code = run(argv[1], home);
  std::filesystem::remove_all(home);
  return code;
}
