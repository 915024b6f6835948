#include "storage/file_hashing.hpp"

#include <algorithm>
#include <chrono>
#include <span>

#include "base/assert.hpp"

namespace essaim::storage {
namespace {

HashFailure failure(std::string path, StorageError error) {
  if (error.path.empty()) error.path = path;
  return {.path = std::move(path), .error = std::move(error)};
}

}  // namespace

Expected<std::shared_ptr<FileHashing>, HashFailure> FileHashing::open(const ShareRoot& root, HashTask task) {
  const auto located = root.locate(task.path);
  if (!located) return fail(failure(task.path, located.error()));
  auto file = root.directory().open_file_for_read(*located);
  if (!file) return fail(failure(task.path, file.error()));
  const auto plan = content::plan_for(file->stat.size);
  if (!plan) return fail(failure(task.path, fail_kind(StorageError::Kind::kTooLarge, task.path).error()));
  return std::shared_ptr<FileHashing>(new FileHashing(std::move(task), std::move(*file), *plan));
}

FileHashing::FileHashing(HashTask task, OpenedFile file, const content::ChunkPlan& plan)
    : task_(std::move(task)), file_(std::move(file)), plan_(plan) {
  chunks_a_run_ = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(kIndexRunBytes / plan.chunk_bytes));
  // Empty content has one run, with nothing in it.
  runs_ = std::max<std::uint32_t>(1, (plan.chunks + chunks_a_run_ - 1) / chunks_a_run_);
  if (task_.kind == HashKind::kContent) {
    leaves_.resize(plan.chunks);
  } else {
    sha256_.emplace();
  }
}

std::uint64_t FileHashing::bytes_of(Run run) const {
  const std::uint64_t run_bytes = std::uint64_t{chunks_a_run_} * plan_.chunk_bytes;
  const std::uint64_t begin = run * run_bytes;
  return std::min(run_bytes, plan_.size - std::min(begin, plan_.size));
}

void FileHashing::finish_run(Result<void> done) {
  ++finished_;
  if (done) return;
  if (!error_) error_ = std::move(done.error());
  runs_ = claimed_;
}

Result<void> FileHashing::work(Run run, HashBuffer& buffer, const OnLeaves& on_leaves) {
  return task_.kind == HashKind::kContent ? work_leaves(run, buffer, on_leaves) : work_sha256(run, buffer);
}

Result<void> FileHashing::work_leaves(Run run, HashBuffer& buffer, const OnLeaves& on_leaves) {
  using Clock = std::chrono::steady_clock;
  const bool tells = on_leaves && plan_.size > kIndexRunBytes;
  const std::uint32_t end = std::min((run + 1) * chunks_a_run_, plan_.chunks);
  std::uint32_t untold = run * chunks_a_run_;
  Clock::time_point told = Clock::now();
  for (std::uint32_t chunk = untold; chunk < end; ++chunk) {
    const std::span<Leaf> leaf = std::span(leaves_).subspan(chunk, 1);
    auto done = hash_chunks(file_.handle, {.plan = plan_, .first = chunk, .leaves = leaf}, buffer);
    if (!done) return done;
    const bool due = chunk + 1 == end || Clock::now() - told >= kLeavesTellInterval;
    if (!tells || !due) continue;
    const auto found = std::span(leaves_).subspan(untold, chunk + 1 - untold);
    on_leaves({.path = task_.path,
               .of = file_.stat.fingerprint(),
               .first = untold,
               .leaves = std::vector<Leaf>(found.begin(), found.end())});
    untold = chunk + 1;
    told = Clock::now();
  }
  return {};
}

Result<void> FileHashing::work_sha256(Run run, HashBuffer& buffer) {
  constexpr std::uint64_t kPieceBytes = 256 * kKiB;
  std::uint64_t at = std::uint64_t{run} * chunks_a_run_ * plan_.chunk_bytes;
  const std::uint64_t end = at + bytes_of(run);
  while (at < end) {
    const MutableByteView piece = buffer.of(std::min(kPieceBytes, end - at));
    if (auto read = file_.handle.read_exactly_at(at, piece); !read) return read;
    sha256_->update(piece);
    at += piece.size();
  }
  return {};
}

Expected<HashAnswer, HashFailure> FileHashing::answer() {
  ASSERT(is_finished());
  if (error_) return fail(failure(task_.path, std::move(*error_)));
  if (auto same = check_unchanged(file_); !same) return fail(failure(task_.path, std::move(same.error())));
  HashAnswer answer{.path = task_.path, .stat = file_.stat, .content_id = {}, .leaves = {}, .sha256 = {}};
  if (task_.kind == HashKind::kContent) {
    answer.content_id = content::content_id_of(plan_.size, leaves_);
    answer.leaves = std::move(leaves_);
  } else {
    answer.sha256 = sha256_->finish();
  }
  return answer;
}

}  // namespace essaim::storage
