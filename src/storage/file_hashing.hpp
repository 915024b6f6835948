// One file that the pool is hashing, cut into runs that threads take one by one. Private to src/storage.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "content/chunk_plan.hpp"
#include "content/hash.hpp"
#include "storage/hash_task.hpp"
#include "storage/hasher.hpp"
#include "storage/share_root.hpp"

namespace essaim::storage {

// Thread rule: work() is called by several threads at once, each with a run of its own; the other members under the
// pool's lock, save that answer() comes after the last run, from one thread.
class FileHashing {
 public:
  using Run = std::uint32_t;

  [[nodiscard]] static Expected<std::shared_ptr<FileHashing>, HashFailure> open(const ShareRoot& root, HashTask task);

  [[nodiscard]] const std::string& path() const { return task_.path; }
  // The leaves of a file can be found in any order, its SHA-256 only from front to back. The first run is read alone,
  // so that on a slow disk nothing keeps the first leaf waiting.
  [[nodiscard]] bool has_run() const {
    const bool alone = task_.kind == HashKind::kSha256 || finished_ == 0;
    return claimed_ < runs_ && (!alone || claimed_ == finished_);
  }
  [[nodiscard]] Run claim() { return claimed_++; }
  [[nodiscard]] bool all_claimed() const { return claimed_ == runs_; }
  // After a failure no further run is handed out.
  void finish_run(Result<void> done);
  [[nodiscard]] bool is_finished() const { return finished_ == claimed_ && all_claimed(); }

  [[nodiscard]] std::uint64_t bytes_of(Run run) const;
  using OnLeaves = std::function<void(LeavesFound)>;
  [[nodiscard]] Result<void> work(Run run, HashBuffer& buffer, const OnLeaves& on_leaves);
  [[nodiscard]] Expected<HashAnswer, HashFailure> answer();

 private:
  FileHashing(HashTask task, OpenedFile file, const content::ChunkPlan& plan);
  [[nodiscard]] Result<void> work_leaves(Run run, HashBuffer& buffer, const OnLeaves& on_leaves);
  [[nodiscard]] Result<void> work_sha256(Run run, HashBuffer& buffer);

  HashTask task_;
  OpenedFile file_;
  content::ChunkPlan plan_;
  std::uint32_t chunks_a_run_;
  std::uint32_t runs_;
  std::uint32_t claimed_ = 0;
  std::uint32_t finished_ = 0;
  std::optional<StorageError> error_;
  std::vector<Leaf> leaves_;
  std::optional<content::Sha256Hasher> sha256_;
};

}  // namespace essaim::storage
