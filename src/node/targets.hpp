// Where fetched content goes: memory, one file, or the files of a folder.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "content/tree.hpp"
#include "node/fetch.hpp"
#include "storage/part_file.hpp"
#include "storage/tree_target.hpp"

namespace essaim::node {

// A document that is looked at as a whole afterwards, such as a tree's. One item.
class MemoryTarget final : public FetchTarget, public std::enable_shared_from_this<MemoryTarget> {
 public:
  MemoryTarget();
  [[nodiscard]] Expected<std::shared_ptr<ChunkSink>, storage::StorageError> sink_of(swarm::ItemIndex item) override;
  void on_leaves(swarm::ItemIndex /*item*/, const std::vector<Leaf>& /*leaves*/) override {}
  [[nodiscard]] Result finish_item(swarm::ItemIndex /*item*/) override { return {}; }
  [[nodiscard]] Reader reader_of(swarm::ItemIndex item) override;
  // After the fetch is done.
  [[nodiscard]] Bytes document() const;

 private:
  class Sink;
  std::shared_ptr<Sink> sink_;
};

// One file. Its leaves are kept for the journal.
class FileTarget final : public FetchTarget {
 public:
  explicit FileTarget(std::shared_ptr<storage::PartFile> part);
  [[nodiscard]] Expected<std::shared_ptr<ChunkSink>, storage::StorageError> sink_of(swarm::ItemIndex item) override;
  void on_leaves(swarm::ItemIndex /*item*/, const std::vector<Leaf>& leaves) override {
    leaves_ = leaves;
    if (leaves_known_) leaves_known_(leaves);
  }
  // Called when they come from others.
  void on_known_leaves(std::function<void(const std::vector<Leaf>&)> handler) { leaves_known_ = std::move(handler); }
  [[nodiscard]] Result finish_item(swarm::ItemIndex /*item*/) override { return {}; }
  [[nodiscard]] Reader reader_of(swarm::ItemIndex /*item*/) override { return part_; }
  [[nodiscard]] const std::vector<Leaf>& leaves() const { return leaves_; }

 private:
  std::shared_ptr<const storage::PartFile> part_;
  std::shared_ptr<ChunkSink> sink_;
  std::vector<Leaf> leaves_;
  std::function<void(const std::vector<Leaf>&)> leaves_known_;
};

// The files of a folder, one item for each content; twins are written at once.
class TreeFilesTarget final : public FetchTarget {
 public:
  // A place in the folder where an item's content belongs.
  struct Place {
    SafePath path;
    storage::FinalMeta meta;
  };
  struct FileItem {
    std::uint64_t size = 0;
    std::vector<Place> places;  // at least one
  };
  // One writer for each lane, and one for the control thread, made from `target`.
  [[nodiscard]] static Expected<std::shared_ptr<TreeFilesTarget>, storage::StorageError> make(
      const storage::TreeTarget& target, std::size_t lanes, std::vector<FileItem> items);

  [[nodiscard]] Expected<std::shared_ptr<ChunkSink>, storage::StorageError> sink_of(swarm::ItemIndex item) override;
  // Called with the leaves of each item of several chunks as soon as they are known.
  void on_each_leaves(std::function<void(swarm::ItemIndex, std::vector<Leaf>)> handler) {
    leaves_known_ = std::move(handler);
  }
  void on_leaves(swarm::ItemIndex item, const std::vector<Leaf>& leaves) override {
    if (leaves_known_) leaves_known_(item, leaves);
  }
  [[nodiscard]] Result finish_item(swarm::ItemIndex item) override;
  [[nodiscard]] Reader reader_of(swarm::ItemIndex item) override;
  // When this returns no file is made any more, whatever chunk still comes: the folder can be published or removed.
  void close();

 private:
  class SmallSink;
  class LargeSink;
  TreeFilesTarget(storage::TreeWriter own, storage::Directory staging, std::shared_ptr<SmallSink> small)
      : own_(std::move(own)), staging_(std::move(staging)), small_(std::move(small)) {}

  storage::TreeWriter own_;
  storage::Directory staging_;        // for reading; stays valid when the folder gets its final name
  std::shared_ptr<SmallSink> small_;  // holds the items
  std::unordered_map<swarm::ItemIndex, std::shared_ptr<LargeSink>> large_;
  std::function<void(swarm::ItemIndex, std::vector<Leaf>)> leaves_known_;
};

}  // namespace essaim::node
