#include "storage/indexer.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "content/chunk_plan.hpp"
#include "content/hash.hpp"
#include "storage/catalogue.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
namespace fs = std::filesystem;

const IndexPoolOptions kTwoThreads{.threads = 2, .priority = IndexPoolOptions::Priority::kNormal};

ContentId id_of(std::string_view bytes) {
  const auto plan = content::plan_for(bytes.size()).value();
  std::vector<Leaf> leaves;
  for (std::uint32_t i = 0; i < plan.chunks; ++i) {
    const content::ChunkIndex index{i};
    leaves.push_back(content::leaf_of(as_bytes(bytes).subspan(plan.offset(index), plan.length(index))));
  }
  return content::content_id_of(bytes.size(), leaves);
}

// Runs jobs one at a time and writes what they find, as the node does.
class IndexerTest : public ::testing::Test {
 protected:
  IndexSummary index(IndexJob::Kind kind = IndexJob::Kind::kContent) {
    std::promise<IndexSummary> done;
    std::vector<IndexBatch> batches;
    Indexer indexer(kTwoThreads, {.on_batch = [&](IndexBatch batch) { batches.push_back(std::move(batch)); },
                                  .on_done = [&](IndexSummary summary) { done.set_value(std::move(summary)); }});
    indexer.start({.share = share_, .path = root_.text(), .catalogue_path = catalogue_path_, .kind = kind});
    IndexSummary summary = done.get_future().get();
    for (const IndexBatch& batch : batches) {
      EXPECT_TRUE(catalogue_.files().apply(batch.changes).has_value());
    }
    return summary;
  }
  std::map<std::string, FileRecord> known() {
    std::map<std::string, FileRecord> records;
    for (const FileRecord& record : catalogue_.files().page({.share = share_, .after = {}, .limit = 10'000}).value()) {
      records[record.path] = record;
    }
    return records;
  }
  void put(const std::string& path, const std::string& content) {
    test::write_file(root_ / path, content);
    test::make_old(root_ / path);
  }

  test::TempDir home_;
  test::TempDir root_;
  std::string catalogue_path_ = (home_ / "catalogue.db").string();
  Catalogue catalogue_ = Catalogue::open(catalogue_path_).value();
  ShareId share_ = catalogue_.shares().add(ShareRecord{.name = "share"}).value();
};

TEST_F(IndexerTest, FindsTheIdOfEverything) {
  std::map<std::string, std::string> contents;
  for (int i = 0; i < 200; ++i)
    contents["d" + std::to_string(i % 7) + "/f" + std::to_string(i)] =
        test::noise(100 + static_cast<std::size_t>(i), static_cast<std::uint64_t>(i));
  contents["large"] = test::noise(20 * kMiB + 3);
  contents["empty"] = "";
  std::uint64_t bytes = 0;
  for (const auto& [path, content] : contents) {
    put(path, content);
    bytes += content.size();
  }
  const IndexSummary summary = index();
  EXPECT_EQ(summary.error, std::nullopt);
  EXPECT_EQ(summary.progress.files_seen, contents.size());
  EXPECT_EQ(summary.progress.files_hashed, contents.size());
  EXPECT_EQ(summary.progress.bytes_hashed, bytes);
  const auto records = known();
  for (const auto& [path, content] : contents) EXPECT_EQ(records.at(path).content_id, id_of(content)) << path;
  EXPECT_EQ(catalogue_.files().manifest_of(id_of(contents["large"])).value()->leaves.size(), 81U);
  std::uint64_t in_folder = 0;
  for (const auto& [path, content] : contents) in_folder += path.starts_with("d3/") ? content.size() : 0;
  EXPECT_EQ(records.at("d3").size, in_folder);
}

TEST_F(IndexerTest, ReadsNothingAgainThatDidNotChange) {
  for (int i = 0; i < 50; ++i) put("d/f" + std::to_string(i), test::noise(1000, static_cast<std::uint64_t>(i)));
  index();
  const auto before = known();
  const IndexSummary again = index();
  EXPECT_EQ(again.progress.files_seen, 50U);
  EXPECT_EQ(again.progress.files_hashed, 0U);
  EXPECT_EQ(again.progress.bytes_hashed, 0U);
  EXPECT_EQ(again.changed, 0U);
  EXPECT_EQ(known(), before);
}

TEST_F(IndexerTest, ReadsWhatChangedAndForgetsWhatIsGone) {
  for (const char* path : {"same", "changed", "gone", "d/gone", "moved"}) put(path, path);
  index();
  put("changed", "other content");
  put("new", "new");
  fs::remove(root_ / "gone");
  fs::remove_all(root_ / "d");
  fs::rename(root_ / "moved", root_ / "moved2");
  const IndexSummary summary = index();
  EXPECT_EQ(summary.progress.files_hashed, 3U);
  const auto records = known();
  std::set<std::string> paths;
  for (const auto& [path, record] : records) paths.insert(path);
  EXPECT_EQ(paths, (std::set<std::string>{"same", "changed", "new", "moved2"}));
  EXPECT_EQ(records.at("changed").content_id, id_of("other content"));
}

TEST_F(IndexerTest, AddsSha256Later) {
  put("a", "content a");
  put("big", test::noise(9 * kMiB));
  index();
  const IndexSummary summary = index(IndexJob::Kind::kSha256);
  EXPECT_EQ(summary.kind, IndexJob::Kind::kSha256);
  EXPECT_EQ(summary.progress.files_hashed, 2U);
  EXPECT_EQ(known().at("a").sha256, content::sha256_of(as_bytes("content a")));
  EXPECT_EQ(known().at("big").sha256, content::sha256_of(as_bytes(test::noise(9 * kMiB))));
  EXPECT_EQ(index(IndexJob::Kind::kSha256).progress.files_hashed, 0U);
}

TEST_F(IndexerTest, SaysWhatItLeavesOutAndDoesNotKeepIt) {
  put("good", "x");
  test::write_file(root_ / "bad\nname", "x");
  const IndexSummary summary = index();
  EXPECT_EQ(summary.skipped_total, 1U);
  ASSERT_EQ(summary.skipped.size(), 1U);
  EXPECT_EQ(summary.skipped[0].reason, SkipReason::kName);
  EXPECT_EQ(known().size(), 1U);
}

TEST_F(IndexerTest, NamesTheFirstOfManyThatItLeavesOut) {
  for (std::size_t i = 0; i <= kSkippedReportedMax; ++i) test::write_file(root_ / ("bad\n" + std::to_string(i)), "x");
  const IndexSummary summary = index();
  EXPECT_EQ(summary.skipped_total, kSkippedReportedMax + 1);
  EXPECT_EQ(summary.skipped.size(), kSkippedReportedMax);
}

TEST_F(IndexerTest, AShareThatIsGoneKeepsWhatIsKnown) {
  put("a", "x");
  index();
  fs::rename(root_.path(), root_.text() + "-away");
  const IndexSummary summary = index();
  fs::rename(root_.text() + "-away", root_.path());
  ASSERT_TRUE(summary.error.has_value());
  EXPECT_EQ(summary.error->kind, Kind::kNotFound);
  EXPECT_EQ(known().size(), 1U);
}

TEST_F(IndexerTest, CancelsAndEndsAtOnce) {
  for (int i = 0; i < 20; ++i) put("f" + std::to_string(i), test::noise(4 * kMiB, static_cast<std::uint64_t>(i)));
  std::atomic<int> done = 0;
  std::optional<IndexSummary> last;
  {
    Indexer indexer(kTwoThreads, {.on_batch = [](const IndexBatch&) {},
                                  .on_done =
                                      [&](IndexSummary summary) {
                                        last = std::move(summary);
                                        ++done;
                                      }});
    indexer.start({.share = share_, .path = root_.text(), .catalogue_path = catalogue_path_});
    indexer.cancel(share_);
  }
  EXPECT_EQ(done, 1);
  ASSERT_TRUE(last->error.has_value());
  EXPECT_EQ(last->error->kind, Kind::kCancelled);
}

// Opens gates for the pool's threads, so that tests decide who waits for whom.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

class IndexPoolTest : public ::testing::Test {
 protected:
  test::TempDir temp_;
  std::shared_ptr<const ShareRoot> root() {
    return std::make_shared<const ShareRoot>(ShareRoot::open(temp_.text()).value());
  }
};

TEST_F(IndexPoolTest, AShortQueueDoesNotWaitForALongOne) {
  for (int i = 0; i < 100; ++i) {
    test::write_file(temp_ / ("f" + std::to_string(i)), "x");
    test::make_old(temp_ / ("f" + std::to_string(i)));
  }
  IndexPool pool({.threads = 1, .priority = IndexPoolOptions::Priority::kNormal});
  Gate gate;
  std::vector<std::string> order;
  IndexQueue longer = pool.make_queue(
      root(), {.on_answer = [&](auto answer) { gate.wait(), order.push_back(answer->path); }, .on_bytes = {}});
  IndexQueue shorter = pool.make_queue(
      root(), {.on_answer = [&](auto answer) { order.push_back("short " + answer->path); }, .on_bytes = {}});
  for (int i = 0; i < 100; ++i) longer.submit({.path = "f" + std::to_string(i)});
  shorter.submit({.path = "f0"});
  gate.open();
  longer.wait_until_idle();
  shorter.wait_until_idle();
  ASSERT_EQ(order.size(), 101U);
  const auto at = std::ranges::find(order, "short f0") - order.begin();
  EXPECT_LE(at, 2);
}

TEST_F(IndexPoolTest, TellsEachLeafOfALargeFileOnceBeforeItsAnswer) {
  for (const std::uint64_t size : {kIndexRunBytes, kIndexRunBytes + 1, 5 * kIndexRunBytes}) {
    test::write_file(temp_ / "file", test::noise(size));
    test::make_old(temp_ / "file");
    IndexPool pool(kTwoThreads);
    std::mutex mutex;
    std::map<std::uint32_t, Leaf> told;
    std::size_t leaves_told = 0;
    std::vector<Leaf> leaves;
    IndexQueue queue = pool.make_queue(root(), {.on_answer =
                                                    [&](auto answer) {
                                                      const std::lock_guard lock(mutex);
                                                      leaves = answer->leaves;
                                                    },
                                                .on_bytes = {},
                                                .on_leaves =
                                                    [&](const LeavesFound& found) {
                                                      const std::lock_guard lock(mutex);
                                                      EXPECT_TRUE(leaves.empty());
                                                      EXPECT_EQ(found.of.size, size);
                                                      std::uint32_t at = found.first;
                                                      for (const Leaf& leaf : found.leaves) told[at++] = leaf;
                                                      leaves_told += found.leaves.size();
                                                    }});
    queue.submit({.path = "file"});
    queue.wait_until_idle();
    ASSERT_EQ(leaves.size(), content::plan_for(size)->chunks);
    if (size <= kIndexRunBytes) {
      EXPECT_EQ(leaves_told, 0U) << "one run is over before anybody could ask";
      continue;
    }
    EXPECT_EQ(leaves_told, leaves.size());
    for (std::uint32_t i = 0; i < leaves.size(); ++i) EXPECT_EQ(told[i], leaves[i]) << size << " " << i;
  }
}

TEST_F(IndexPoolTest, HashesNextWhatSomebodyWaitsForEvenBeforeAFileThatIsBegun) {
  for (const char* name : {"begun", "other", "awaited"}) {
    test::write_file(temp_ / name, test::noise(3 * kIndexRunBytes));
    test::make_old(temp_ / name);
  }
  Gate gate;
  std::atomic<int> runs = 0;
  // The first run of the first file is over, the second one waits.
  IndexPool pool({.threads = 1, .before_run = [&] {
                    if (++runs == 2) gate.wait();
                  }});
  std::vector<std::string> order;
  IndexQueue queue =
      pool.make_queue(root(), {.on_answer = [&](auto answer) { order.push_back(answer->path); }, .on_bytes = {}});
  for (const char* name : {"begun", "other", "awaited"}) queue.submit({.path = name});
  while (runs < 2) std::this_thread::yield();
  queue.hash_next("awaited");
  queue.hash_next("not there");
  gate.open();
  queue.wait_until_idle();
  EXPECT_EQ(order, (std::vector<std::string>{"awaited", "begun", "other"}));
}

TEST_F(IndexPoolTest, AnswersEveryTaskOnceWhateverHappensToTheFile) {
  test::write_file(temp_ / "good", test::noise(10 * kMiB));
  test::make_old(temp_ / "good");
  fs::create_directory(temp_ / "folder");
  fs::create_symlink("good", temp_ / "link");
  IndexPool pool(kTwoThreads);
  std::mutex mutex;
  std::map<std::string, std::string> answers;
  {
    IndexQueue queue = pool.make_queue(root(), {.on_answer =
                                                    [&](auto answer) {
                                                      const std::lock_guard lock(mutex);
                                                      if (answer) {
                                                        answers[answer->path] = "ok";
                                                      } else {
                                                        answers[answer.error().path] =
                                                            to_string(answer.error().error.kind);
                                                      }
                                                    },
                                                .on_bytes = {}});
    for (const char* path : {"good", "none", "folder", "link", "../out"}) queue.submit({.path = path});
    queue.wait_until_idle();
  }
  EXPECT_EQ(answers.size(), 5U);
  EXPECT_EQ(answers.at("good"), "ok");
  EXPECT_EQ(answers.at("none"), to_string(Kind::kNotFound));
  EXPECT_EQ(answers.at("folder"), to_string(Kind::kNotRegular));
  EXPECT_EQ(answers.at("link"), to_string(Kind::kOutside));
}

TEST_F(IndexPoolTest, AQueueThatGoesAwayAnswersWhatIsLeft) {
  test::write_file(temp_ / "file", test::noise(30 * kMiB));
  IndexPool pool(kTwoThreads);
  for (const std::size_t tasks : {kIndexQueueTasksMax - 1, kIndexQueueTasksMax, kIndexQueueTasksMax + 1}) {
    std::atomic<std::size_t> answered = 0;
    {
      IndexQueue queue = pool.make_queue(root(), {.on_answer = [&](const auto&) { ++answered; }, .on_bytes = {}});
      for (std::size_t i = 0; i < tasks; ++i)
        queue.submit({.path = "file", .kind = i % 2 == 0 ? HashKind::kContent : HashKind::kSha256});
    }
    EXPECT_EQ(answered, tasks);
  }
}

}  // namespace
}  // namespace essaim::storage
