#include "node/targets.hpp"

#include <algorithm>
#include <shared_mutex>
#include <utility>

#include "content/chunk_plan.hpp"
#include "storage/served_file.hpp"

namespace essaim::node {

// --- MemoryTarget ---

// Chunks come from several lanes; a document has few of them, so a lock costs nothing here.
class MemoryTarget::Sink final : public ChunkSink, public storage::ContentReader {
 public:
  Expected<void, storage::StorageError> store(const ChunkPlace& place, ByteView verified) override {
    const std::lock_guard lock(mutex_);
    chunks_[place.offset].assign(verified.begin(), verified.end());
    return {};
  }
  [[nodiscard]] storage::Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    const std::lock_guard lock(mutex_);
    const auto chunk = chunks_.find(offset);
    const bool here = chunk != chunks_.end() && chunk->second.size() == into.size();
    if (!here) return storage::fail_kind(storage::StorageError::Kind::kNotFound, "");
    std::ranges::copy(chunk->second, into.begin());
    return {};
  }
  [[nodiscard]] Bytes whole() const {
    const std::lock_guard lock(mutex_);
    Bytes all;
    for (const auto& [offset, chunk] : chunks_) all.insert(all.end(), chunk.begin(), chunk.end());
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, Bytes> chunks_;
};

MemoryTarget::MemoryTarget() : sink_(std::make_shared<Sink>()) {}

Expected<std::shared_ptr<ChunkSink>, storage::StorageError> MemoryTarget::sink_of(swarm::ItemIndex /*item*/) {
  return sink_;
}

FetchTarget::Reader MemoryTarget::reader_of(swarm::ItemIndex /*item*/) { return sink_; }

Bytes MemoryTarget::document() const { return sink_->whole(); }

// --- FileTarget ---

namespace {

class PartSink final : public ChunkSink {
 public:
  explicit PartSink(std::shared_ptr<storage::PartFile> part) : part_(std::move(part)) {}
  Expected<void, storage::StorageError> store(const ChunkPlace& place, ByteView verified) override {
    return part_->write_chunk_at(place.offset, verified);
  }

 private:
  std::shared_ptr<storage::PartFile> part_;
};

}  // namespace

FileTarget::FileTarget(std::shared_ptr<storage::PartFile> part)
    : part_(part), sink_(std::make_shared<PartSink>(std::move(part))) {}

Expected<std::shared_ptr<ChunkSink>, storage::StorageError> FileTarget::sink_of(swarm::ItemIndex /*item*/) {
  return sink_;
}

// --- TreeFilesTarget ---

// Content of one chunk: the whole file in one go, by the writer of the lane that has it.
class TreeFilesTarget::SmallSink final : public ChunkSink {
 public:
  SmallSink(std::vector<storage::TreeWriter> writers, std::vector<FileItem> items)
      : writers_(std::move(writers)), items_(std::move(items)) {}

  Expected<void, storage::StorageError> store(const ChunkPlace& place, ByteView verified) override {
    const std::shared_lock lock(open_mutex_);
    if (!open_) return storage::fail_kind(storage::StorageError::Kind::kCancelled, "");
    storage::TreeWriter& writer = writers_.at(place.lane);
    for (const Place& where : item(place.item).places) {
      if (auto put = writer.put_small_file(where.path, verified, where.meta); !put) return put;
    }
    return {};
  }
  [[nodiscard]] const FileItem& item(swarm::ItemIndex index) const {
    return items_.at(static_cast<std::size_t>(index));
  }

  void close() {
    const std::unique_lock lock(open_mutex_);
    open_ = false;
  }

 private:
  std::shared_mutex open_mutex_;  // held shared while a file is written
  bool open_ = true;
  std::vector<storage::TreeWriter> writers_;  // by lane; each used by its lane alone
  const std::vector<FileItem> items_;
};

class TreeFilesTarget::LargeSink final : public ChunkSink, public storage::ContentReader {
 public:
  explicit LargeSink(std::vector<storage::FileHandle> files) : files_(std::move(files)) {}

  Expected<void, storage::StorageError> store(const ChunkPlace& place, ByteView verified) override {
    for (const storage::FileHandle& file : files_) {
      if (auto written = file.write_all_at(place.offset, verified); !written) return written;
    }
    return {};
  }
  [[nodiscard]] storage::Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    return files_.front().read_exactly_at(offset, into);
  }
  [[nodiscard]] const std::vector<storage::FileHandle>& files() const { return files_; }

 private:
  const std::vector<storage::FileHandle> files_;  // the item's places, in their order
};

Expected<std::shared_ptr<TreeFilesTarget>, storage::StorageError> TreeFilesTarget::make(
    const storage::TreeTarget& target, std::size_t lanes, std::vector<FileItem> items) {
  std::vector<storage::TreeWriter> writers;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    auto writer = target.make_writer();
    if (!writer) return fail(std::move(writer.error()));
    writers.push_back(std::move(*writer));
  }
  auto own = target.make_writer();
  if (!own) return fail(std::move(own.error()));
  auto staging = target.staging().duplicate();
  if (!staging) return fail(std::move(staging.error()));
  auto small = std::make_shared<SmallSink>(std::move(writers), std::move(items));
  return std::shared_ptr<TreeFilesTarget>(new TreeFilesTarget(std::move(*own), std::move(*staging), std::move(small)));
}

Expected<std::shared_ptr<ChunkSink>, storage::StorageError> TreeFilesTarget::sink_of(swarm::ItemIndex item) {
  const FileItem& wanted = small_->item(item);
  if (wanted.size <= content::kChunkBytesMin) return small_;
  if (const auto open = large_.find(item); open != large_.end()) return open->second;
  std::vector<storage::FileHandle> files;
  for (const Place& place : wanted.places) {
    auto opened = own_.open_for_chunks(place.path, wanted.size);
    if (!opened) return fail(std::move(opened.error()));
    files.push_back(std::move(opened->handle));
  }
  auto sink = std::make_shared<LargeSink>(std::move(files));
  large_.emplace(item, sink);
  return sink;
}

void TreeFilesTarget::close() { small_->close(); }

FetchTarget::Reader TreeFilesTarget::reader_of(swarm::ItemIndex item) {
  if (const auto open = large_.find(item); open != large_.end()) return open->second;
  auto file = staging_.open_file_for_read(small_->item(item).places.front().path);
  if (!file) return fail(std::move(file.error()));
  return std::make_shared<const storage::ServedFile>(std::move(*file));
}

FetchTarget::Result TreeFilesTarget::finish_item(swarm::ItemIndex item) {
  const FileItem& done = small_->item(item);
  if (done.size == 0) {
    for (const Place& place : done.places) {
      if (auto put = own_.put_small_file(place.path, {}, place.meta); !put) return put;
    }
    return {};
  }
  if (done.size <= content::kChunkBytesMin) return {};
  // Not open where an earlier run had all of its chunks.
  if (const auto opened = sink_of(item); !opened) return fail(opened.error());
  const auto open = large_.find(item);
  const auto& files = open->second->files();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (auto finished = own_.finish_file(files[i], done.places[i].meta); !finished) return finished;
  }
  large_.erase(open);
  return {};
}

}  // namespace essaim::node
