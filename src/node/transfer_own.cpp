// The part of Transfer that takes what this peer has already from its own disk.
#include <algorithm>
#include <functional>
#include <span>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "content/content_id.hpp"
#include "content/hash.hpp"
#include "content/manifest.hpp"
#include "node/offload.hpp"
#include "node/transfer.hpp"
#include "node/tree_plan.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

// Files looked up, and copied, before the control thread does other work.
constexpr std::size_t kOwnFilesAtOnce = 64;
constexpr std::size_t kOwnChunksAtOnce = 64;

// Hashes the file chunk by chunk and hands each to `store`. The leaves, if all of it is the content wanted.
template <class Store>
std::optional<std::vector<Leaf>> read_through(const storage::ContentReader& file, const swarm::Item& wanted,
                                              Store store) {
  const auto plan = content::plan_for(wanted.size);
  if (!plan) return std::nullopt;
  std::vector<Leaf> leaves;
  Bytes buffer(plan->chunks == 0 ? 0 : plan->chunk_bytes);
  for (std::uint32_t i = 0; i < plan->chunks; ++i) {
    const content::ChunkIndex index{i};
    const MutableByteView chunk = MutableByteView(buffer).first(plan->length(index));
    if (!file.read_at(plan->offset(index), chunk) || !store(plan->offset(index), chunk)) return std::nullopt;
    leaves.push_back(content::leaf_of(chunk));
  }
  if (content::content_id_of(wanted.size, leaves) != wanted.id) return std::nullopt;
  return leaves;
}

bool copy_file(const storage::ServedFile& file, const swarm::Item& item, const TreeFilesTarget::FileItem& wanted,
               storage::TreeWriter& writer) {
  for (const TreeFilesTarget::Place& place : wanted.places) {
    auto opened = writer.open_for_chunks(place.path, item.size);
    if (!opened) return false;
    const auto copied = read_through(file, item, [&](std::uint64_t offset, ByteView chunk) {
      return opened->handle.write_all_at(offset, chunk).has_value();
    });
    if (!copied || !writer.finish_file(opened->handle, place.meta)) return false;
  }
  return true;
}

// Those that were read, are what the leaves say, and are stored.
std::vector<content::ChunkIndex> copy_chunks(std::span<const OwnChunk> chunks, const content::Manifest& wanted,
                                             const std::function<bool(std::uint64_t offset, ByteView chunk)>& store) {
  const auto plan = content::plan_for(wanted.size);
  std::vector<content::ChunkIndex> copied;
  Bytes buffer(plan->chunk_bytes);
  for (const OwnChunk& own : chunks) {
    const MutableByteView chunk = MutableByteView(buffer).first(plan->length(own.chunk));
    if (!own.file->read_at(own.offset, chunk) || !content::chunk_is(wanted, own.chunk, chunk)) continue;
    if (store(plan->offset(own.chunk), chunk)) copied.push_back(own.chunk);
  }
  return copied;
}

}  // namespace

asio::awaitable<std::optional<Journal>> Transfer::take_own_file(std::shared_ptr<storage::PartFile> part) {
  const swarm::Item wanted{wanted_.link->id, *wanted_.link->size};
  const auto file = parts_.own(wanted.id);
  if (file == nullptr || file->size() != wanted.size) co_return std::nullopt;
  auto leaves = co_await offload(parts_.disk, [&]() -> std::optional<std::vector<Leaf>> {
    const auto cloned = part->clone_from(*file);
    if (cloned && *cloned) return read_through(*part, wanted, [](std::uint64_t, ByteView) { return true; });
    return read_through(*file, wanted, [&](std::uint64_t offset, ByteView chunk) {
      return part->write_chunk_at(offset, chunk).has_value();
    });
  });
  if (!leaves) co_return std::nullopt;
  Journal journal{.clean = true, .chunks = std::vector<bool>(leaves->size(), true), .leaves = {}};
  if (leaves->size() > 1) journal.leaves = std::move(*leaves);
  co_return journal;
}

asio::awaitable<void> Transfer::take_own_files(const storage::TreeTarget& target, const TreePlan& plan,
                                               TreeJournal& known) {
  auto writer = target.make_writer();
  if (!writer || !parts_.owns_something()) co_return;
  for (std::size_t begin = 0; begin < plan.items.size() && wish_ == Wish::kRun; begin += kOwnFilesAtOnce) {
    const std::size_t end = std::min(begin + kOwnFilesAtOnce, plan.items.size());
    std::vector<std::pair<std::size_t, std::shared_ptr<const storage::ServedFile>>> own;
    for (std::size_t i = begin; i < end; ++i) {
      if (known.whole[i] || plan.items[i].size == 0) continue;
      if (auto file = parts_.own(plan.items[i].id)) own.emplace_back(i, std::move(file));
    }
    if (own.empty()) {
      co_await asio::post(parts_.control, asio::use_awaitable);
      continue;
    }
    const auto copied = co_await offload(parts_.disk, [&] {
      std::vector<std::size_t> done;
      for (const auto& [i, file] : own) {
        if (copy_file(*file, plan.items[i], plan.files[i], *writer)) done.push_back(i);
      }
      return done;
    });
    for (const std::size_t i : copied) known.whole[i] = true;
    std::erase_if(known.parts, [&](const TreeJournal::Part& part) { return known.whole[part.item]; });
  }
}

// Nothing is asked of anybody meanwhile: what the own disk gives is not to come twice.
asio::awaitable<void> Transfer::take_own_chunks(std::shared_ptr<Fetch> fetch, swarm::ItemIndex item,
                                                std::vector<Leaf> leaves) {
  const auto self = shared_from_this();
  std::vector<OwnChunk> own = parts_.own_chunks(leaves);
  std::erase_if(own, [&](const OwnChunk& chunk) { return fetch->holds({item, chunk.chunk}); });
  if (own.empty()) co_return;
  const auto sink = fetch->sink_of(item);
  if (!sink) co_return;
  const content::Manifest wanted{.size = fetch->download().item(item).size, .leaves = std::move(leaves)};
  const auto store = [&](std::uint64_t offset, ByteView chunk) {
    return (*sink)->store({.lane = 0, .item = item, .offset = offset}, chunk).has_value();
  };
  fetch->hold();
  for (std::size_t begin = 0; begin < own.size(); begin += kOwnChunksAtOnce) {
    const auto some = std::span(own).subspan(begin, std::min(kOwnChunksAtOnce, own.size() - begin));
    const auto copied = co_await offload(parts_.disk, [&] { return copy_chunks(some, wanted, store); });
    if (fetch_ != fetch) break;
    for (const content::ChunkIndex chunk : copied) fetch->mark_have({item, chunk});
  }
  fetch->let_go();
}

}  // namespace essaim::node
