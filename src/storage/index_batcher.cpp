#include "storage/index_batcher.hpp"

#include <utility>

namespace essaim::storage {

IndexBatcher::IndexBatcher(ShareId share, const OnBatch& on_batch) : on_batch_(on_batch), flushed_(Clock::now()) {
  summary_.share = share;
  summary_.progress.share = share;
}

void IndexBatcher::put(IndexedFile file) {
  const std::lock_guard lock(mutex_);
  batch_leaves_ += file.leaves.size();
  batch_.changes.upserts.push_back(std::move(file));
  ++summary_.changed;
  flush_if_due();
}

void IndexBatcher::show(FileRecord record) {
  const std::lock_guard lock(mutex_);
  batch_.changes.upserts.push_back({.record = std::move(record), .leaves = {}});
  ++summary_.changed;
  shows_ = true;
  flush_if_due();
}

void IndexBatcher::put_hashed(IndexedFile file) {
  const std::lock_guard lock(mutex_);
  ++summary_.progress.files_hashed;
  batch_leaves_ += file.leaves.size();
  batch_.changes.upserts.push_back(std::move(file));
  ++summary_.changed;
  flush_if_due();
}

void IndexBatcher::remove(std::string path) {
  const std::lock_guard lock(mutex_);
  batch_.changes.removed.push_back(std::move(path));
  ++summary_.changed;
  flush_if_due();
}

void IndexBatcher::retract(std::string path) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(batch_.changes.upserts, [&](const IndexedFile& file) { return file.record.path == path; });
  }
  remove(std::move(path));
}

void IndexBatcher::put_sha256(Sha256Found found) {
  const std::lock_guard lock(mutex_);
  ++summary_.progress.files_hashed;
  batch_.changes.sha256.push_back(std::move(found));
  ++summary_.changed;
  flush_if_due();
}

void IndexBatcher::skip(SkippedEntry entry) {
  const std::lock_guard lock(mutex_);
  ++summary_.skipped_total;
  if (summary_.skipped.size() < kSkippedReportedMax) summary_.skipped.push_back(std::move(entry));
}

void IndexBatcher::fail_job(StorageError error) {
  const std::lock_guard lock(mutex_);
  if (!summary_.error) summary_.error = std::move(error);
}

void IndexBatcher::count_seen() {
  const std::lock_guard lock(mutex_);
  ++summary_.progress.files_seen;
}

void IndexBatcher::count_bytes(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  summary_.progress.bytes_hashed += bytes;
  flush_if_due();
}

void IndexBatcher::hurry() {
  const std::lock_guard lock(mutex_);
  if (!batch_.changes.empty()) flush();
}

IndexSummary IndexBatcher::finish(IndexJob::Kind kind) {
  const std::lock_guard lock(mutex_);
  if (!batch_.changes.empty()) flush();
  summary_.kind = kind;
  return std::move(summary_);
}

void IndexBatcher::flush_if_due() {
  const FileChanges& changes = batch_.changes;
  const std::size_t records = changes.removed.size() + changes.upserts.size() + changes.sha256.size();
  const bool large = records >= kIndexBatchRecords || batch_leaves_ >= kIndexBatchLeaves;
  const std::chrono::milliseconds age_max(!shows_ ? kIndexBatchMillis : handed_out_ ? kShownBatchMillis : 0);
  if (large || Clock::now() - flushed_ >= age_max) flush();
}

void IndexBatcher::flush() {
  batch_.changes.share = summary_.share;
  batch_.progress = summary_.progress;
  on_batch_(std::exchange(batch_, IndexBatch{}));
  batch_leaves_ = 0;
  shows_ = false;
  handed_out_ = true;
  flushed_ = Clock::now();
}

}  // namespace essaim::storage
