#include "storage/hasher.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <thread>

#include "content/hash.hpp"
#include "storage/file_time.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

constexpr std::size_t kPageBytes = 4096;
// The kernel stamps files at its ticks, of which there are at least 100 a second.
constexpr std::chrono::nanoseconds kClockTick = std::chrono::milliseconds(10);
// Chunks between two looks at the stop token.
constexpr std::uint32_t kChunksARun = 4;
constexpr std::size_t kSha256PieceBytes = 256 * kKiB;

void report(const HashControl& control, std::uint64_t bytes) {
  if (control.on_bytes) control.on_bytes(bytes);
}

Result<void> compare_with_now(const OpenedFile& file) {
  const auto now = file.handle.stat_of();
  if (!now) return fail(now.error());
  if (now->fingerprint() != file.stat.fingerprint()) return fail_kind(Kind::kChanged, "");
  return {};
}

}  // namespace

void HashBuffer::Free::operator()(std::uint8_t* memory) const { std::free(memory); }

MutableByteView HashBuffer::of(std::size_t bytes) {
  if (bytes > bytes_) {
    const std::size_t rounded = (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
    memory_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(kPageBytes, rounded)));
    if (!memory_) throw std::bad_alloc();
    bytes_ = rounded;
  }
  return {memory_.get(), bytes};
}

Result<void> hash_chunks(const FileHandle& file, const ChunkRun& run, HashBuffer& buffer) {
  std::uint32_t at = run.first;
  for (Leaf& leaf : run.leaves) {
    const content::ChunkIndex index{at++};
    const MutableByteView chunk = buffer.of(run.plan.length(index));
    if (auto read = file.read_exactly_at(run.plan.offset(index), chunk); !read) return read;
    leaf = content::leaf_of(chunk);
  }
  return {};
}

Result<void> check_unchanged(const OpenedFile& file) {
  if (auto same = compare_with_now(file); !same) return same;
  const auto changed_at = static_cast<std::int64_t>(file.stat.mtime);
  const auto now = static_cast<std::int64_t>(file_clock_now());
  const bool within_tick = changed_at >= now - kClockTick.count() && changed_at <= now;
  if (!within_tick) return {};
  std::this_thread::sleep_for(kClockTick + std::chrono::milliseconds(1));
  return compare_with_now(file);
}

Result<ContentHash> hash_content(const OpenedFile& file, HashBuffer& buffer, const HashControl& control) {
  const auto plan = content::plan_for(file.stat.size);
  if (!plan) return fail_kind(Kind::kTooLarge, "");
  ContentHash hash{.stat = file.stat, .id = {}, .leaves = std::vector<Leaf>(plan->chunks)};
  for (std::uint32_t first = 0; first < plan->chunks;) {
    if (control.stop.stop_requested()) return fail_kind(Kind::kCancelled, "");
    const std::uint32_t count = std::min(kChunksARun, plan->chunks - first);
    const ChunkRun run{.plan = *plan, .first = first, .leaves = std::span(hash.leaves).subspan(first, count)};
    if (auto done = hash_chunks(file.handle, run, buffer); !done) return fail(done.error());
    report(control,
           std::min(std::uint64_t{count} * plan->chunk_bytes, plan->size - plan->offset(content::ChunkIndex{first})));
    first += count;
  }
  if (auto same = check_unchanged(file); !same) return fail(same.error());
  hash.id = content::content_id_of(file.stat.size, hash.leaves);
  return hash;
}

Result<Sha256> hash_sha256(const OpenedFile& file, HashBuffer& buffer, const HashControl& control) {
  if (!content::plan_for(file.stat.size)) return fail_kind(Kind::kTooLarge, "");
  content::Sha256Hasher hasher;
  for (std::uint64_t at = 0; at < file.stat.size;) {
    if (control.stop.stop_requested()) return fail_kind(Kind::kCancelled, "");
    const auto piece = buffer.of(std::min<std::uint64_t>(kSha256PieceBytes, file.stat.size - at));
    if (auto read = file.handle.read_exactly_at(at, piece); !read) return fail(read.error());
    hasher.update(piece);
    at += piece.size();
    report(control, piece.size());
  }
  if (auto same = check_unchanged(file); !same) return fail(same.error());
  return hasher.finish();
}

}  // namespace essaim::storage
