// What is asked of the index pool, what it answers, and its limits.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "storage/file_stat.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

enum class HashKind : std::uint8_t { kContent, kSha256 };

struct HashAnswer {
  std::string path;          // as in the task
  FileStat stat;             // of the file as it was hashed
  ContentId content_id;      // kContent
  std::vector<Leaf> leaves;  // kContent
  Sha256 sha256;             // kSha256
};

struct HashFailure {
  std::string path;
  StorageError error;
};

// Leaves of a file whose hashing has not ended: nobody can tell yet whether it stays as it is.
struct LeavesFound {
  std::string path;  // as in the task
  Fingerprint of;    // of the file as it was opened
  std::uint32_t first = 0;
  std::vector<Leaf> leaves;
};

// All are called from the pool's threads, several at once; they must not block for long, nor destroy the queue.
struct HashEvents {
  std::function<void(Expected<HashAnswer, HashFailure>)> on_answer;
  std::function<void(std::uint64_t bytes)> on_bytes;  // may be empty
  // May be empty. For content of more than kIndexRunBytes, each leaf once, in no order; before its on_answer.
  std::function<void(LeavesFound)> on_leaves;
};

struct HashTask {
  std::string path;  // in the catalogue's form (ShareRoot::locate)
  HashKind kind = HashKind::kContent;
};

struct IndexPoolOptions {
  std::size_t threads = 0;  // 0: one a core
  // Called by a thread before each run of a file; may block. For tests that hold the hashing back.
  std::function<void()> before_run = {};
  // Background threads yield the processor and the disk to everyone else.
  enum class Priority : std::uint8_t { kNormal, kBackground } priority = Priority::kBackground;
};

inline constexpr std::size_t kIndexThreadsMax = 64;
// Tasks of one queue that wait; submit() blocks beyond it.
inline constexpr std::size_t kIndexQueueTasksMax = 1024;
// How much of a large file a thread takes at a time.
inline constexpr std::uint64_t kIndexRunBytes = 4 * kMiB;
// How long leaves that are found wait for the next ones of their run, so that neither a slow disk delays them nor a
// quick one makes an event of each.
inline constexpr std::chrono::milliseconds kLeavesTellInterval{20};

}  // namespace essaim::storage
