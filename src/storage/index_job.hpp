// A job of the indexer, and what it reports.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "storage/file_record.hpp"
#include "storage/hash_task.hpp"
#include "storage/scanner.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct IndexJob {
  ShareId share{};
  std::string path;            // of the share
  std::string catalogue_path;  // what is known is read from here, through a connection of the job's own
  enum class Kind : std::uint8_t {
    kContent,  // scan, hash what changed, find what is gone
    kSha256,   // hash once more, for level 0, what has a content id and no SHA-256
  } kind = Kind::kContent;
};

struct IndexProgress {
  ShareId share{};
  std::uint64_t files_seen = 0;
  std::uint64_t files_hashed = 0;
  std::uint64_t bytes_hashed = 0;
};

// Finds of one job, in no particular order; to be written in the order in which they come. May hold progress alone.
struct IndexBatch {
  FileChanges changes;
  IndexProgress progress;
};

struct IndexSummary {
  ShareId share{};
  IndexJob::Kind kind{};
  IndexProgress progress;
  std::uint64_t changed = 0;  // records added, replaced and removed
  std::uint64_t skipped_total = 0;
  std::vector<SkippedEntry> skipped;  // the first kSkippedReportedMax
  std::optional<StorageError> error;  // why the share as a whole could not be indexed; kCancelled among them
};

struct ShareLeavesFound {
  ShareId share{};
  LeavesFound found;
};

// Called from threads of the indexer, for one job one at a time, save on_leaves; on_done is a job's last call. They
// post what they get to who owns the catalogue; they must not call the indexer, nor block.
struct IndexEvents {
  std::function<void(IndexBatch)> on_batch;
  std::function<void(IndexSummary)> on_done;
  // May be empty. Of files above kShownBeforeHashBytes, as their leaves are found; see HashEvents.
  std::function<void(ShareLeavesFound)> on_leaves;
};

// Large enough that the random order of content ids costs few page writes a record, small enough that writing a batch
// takes some ten milliseconds.
inline constexpr std::size_t kIndexBatchRecords = 2048;
inline constexpr std::size_t kIndexBatchLeaves = 64 * 1024;
inline constexpr std::uint64_t kIndexBatchMillis = 500;
inline constexpr std::size_t kSkippedReportedMax = 100;
// A file above it is put into the catalogue without an id before it is hashed, so that people see it at once and can
// ask for it. What is smaller is read in one go.
inline constexpr std::uint64_t kShownBeforeHashBytes = kIndexRunBytes;
// How old a batch with such a file may grow; the first is handed out at once.
inline constexpr std::uint64_t kShownBatchMillis = 100;

}  // namespace essaim::storage
