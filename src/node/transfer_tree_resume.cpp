// The part of Transfer that writes down how far a folder has come, and finds out again after a stop.
#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/offload.hpp"
#include "node/recheck.hpp"
#include "node/targets.hpp"
#include "node/transfer.hpp"
#include "node/tree_plan.hpp"
#include "storage/existing.hpp"
#include "storage/served_file.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

using Places = std::vector<TreeFilesTarget::Place>;

bool all_have_size(const storage::Directory& staging, const Places& places, std::uint64_t size) {
  return std::ranges::all_of(places, [&](const TreeFilesTarget::Place& place) {
    const auto stat = staging.stat_entry(place.path);
    return stat && stat->kind == storage::FileKind::kFile && stat->size == size;
  });
}

bool all_have_content(const storage::Directory& staging, const Places& places, const swarm::Item& item) {
  return std::ranges::all_of(places, [&](const TreeFilesTarget::Place& place) {
    const auto there = storage::has_content(staging, place.path, {.id = item.id, .size = item.size}, {});
    return there && *there;
  });
}

// Makes the journal true to the disk, on a thread that may wait for it. After a stop that was not clean the journal is
// a hint, and what is there is hashed: small files and files that should be whole at once, others chunk by chunk as far
// as their leaves are known.
void make_true(TreeJournal& journal, const storage::Directory& staging, const TreePlan& plan) {
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    const Places& places = plan.files[i].places;
    const bool small = plan.items[i].size <= content::kChunkBytesMin;
    if (!journal.clean && (small || journal.whole[i])) {
      journal.whole[i] = all_have_content(staging, places, plan.items[i]);
    } else if (journal.whole[i]) {
      journal.whole[i] = all_have_size(staging, places, plan.items[i].size);
    }
  }
  std::erase_if(journal.parts, [&](TreeJournal::Part& part) {
    const Places& places = plan.files[part.item].places;
    const swarm::Item& item = plan.items[part.item];
    if (journal.whole[part.item] || !all_have_size(staging, places, item.size)) return true;
    if (journal.clean) return false;
    auto opened = staging.open_file_for_read(places.front().path);
    if (!opened) return true;
    const storage::ServedFile file(std::move(*opened));
    part.chunks = right_chunks(file, {.size = item.size, .leaves = part.leaves});
    return false;
  });
}

}  // namespace

asio::awaitable<TreeJournal> Transfer::recover_tree(const storage::TreeTarget& target, const TreePlan& plan) {
  const auto bytes = parts_.catalogue.transfers().progress_of(record_.id);
  auto journal = bytes ? parse_tree_journal(*bytes, plan.items) : std::nullopt;
  if (!journal) journal = TreeJournal{.clean = false, .whole = std::vector<bool>(plan.items.size()), .parts = {}};
  view_.state = TransferState::kVerifying;
  publish();
  co_await offload(parts_.disk, [&] { make_true(*journal, target.staging(), plan); });
  view_.state = TransferState::kRunning;
  co_return std::move(*journal);
}

void Transfer::mark_known(Fetch& fetch, const TreeJournal& known) {
  for (std::uint32_t i = 0; i < known.whole.size(); ++i) {
    if (known.whole[i]) fetch.mark_item_done(swarm::ItemIndex{i});
  }
  for (const TreeJournal::Part& part : known.parts) {
    const swarm::ItemIndex item{part.item};
    fetch.mark_leaves(item, part.leaves);
    for (std::uint32_t chunk = 0; chunk < part.chunks.size(); ++chunk) {
      if (part.chunks[chunk]) fetch.mark_have({item, content::ChunkIndex{chunk}});
    }
  }
}

// A large file that nothing is known of may still have been begun: it is looked at as soon as there are leaves to check
// it against, and nothing is asked of anybody meanwhile.
void Transfer::recheck_on_leaves(TreeFilesTarget& files, const std::shared_ptr<Fetch>& fetch) {
  files.on_each_leaves([this, &files, weak = std::weak_ptr(fetch)](swarm::ItemIndex item, std::vector<Leaf> leaves) {
    const auto running = weak.lock();
    auto reader = files.reader_of(item);
    if (running == nullptr || !reader) return;
    asio::co_spawn(parts_.control, recheck(running, item, std::move(*reader), std::move(leaves)), asio::detached);
  });
}

asio::awaitable<void> Transfer::recheck(std::shared_ptr<Fetch> fetch, swarm::ItemIndex item,
                                        std::shared_ptr<const storage::ContentReader> file, std::vector<Leaf> leaves) {
  const auto self = shared_from_this();
  fetch->hold();
  const content::Manifest manifest{.size = fetch->download().item(item).size, .leaves = std::move(leaves)};
  const auto right = co_await offload(parts_.disk, [&] { return right_chunks(*file, manifest); });
  for (std::uint32_t chunk = 0; chunk < right.size(); ++chunk) {
    if (right[chunk]) fetch->mark_have({item, content::ChunkIndex{chunk}});
  }
  fetch->let_go();
}

asio::awaitable<void> Transfer::tree_checkpoints(std::shared_ptr<Fetch> fetch,
                                                 std::shared_ptr<storage::TreeTarget> target) {
  const auto self = shared_from_this();
  asio::steady_timer timer(parts_.control);
  while (fetch_ == fetch) {
    timer.expires_after(kTreeCheckpointInterval);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (fetch_ != fetch) co_return;
    const TreeJournal journal = tree_journal_of(*fetch);  // before the sync: it must not tell of more than is synced
    const auto synced = co_await offload(parts_.disk, [target] { return target->checkpoint(); });
    if (fetch_ != fetch || !synced) co_return;
    write_progress(encode_tree_journal(journal));
  }
}

asio::awaitable<void> Transfer::leave_staging(std::shared_ptr<storage::TreeTarget> target) {
  if (wish_ == Wish::kCancel) {
    static_cast<void>(target->discard());
    co_return;
  }
  if (last_fetch_ == nullptr) co_return;
  TreeJournal journal = tree_journal_of(*last_fetch_);
  journal.clean = true;
  const auto synced = co_await offload(parts_.disk, [target] { return target->checkpoint(); });
  if (synced) write_progress(encode_tree_journal(journal));
}

TreeJournal Transfer::tree_journal_of(const Fetch& fetch) const {
  TreeJournal journal;
  journal.whole.resize(fetch.items());
  for (std::uint32_t i = 0; i < journal.whole.size(); ++i) {
    const swarm::ItemIndex item{i};
    journal.whole[i] = fetch.is_whole(item);
    if (journal.whole[i] || fetch.chunks_held(item) == 0) continue;
    auto manifest = fetch.manifest_of(item);
    if (!manifest) continue;
    TreeJournal::Part part{.item = i, .chunks = {}, .leaves = std::move(manifest->leaves)};
    for (std::uint32_t chunk = 0; chunk < part.leaves.size(); ++chunk) {
      part.chunks.push_back(fetch.holds({item, content::ChunkIndex{chunk}}));
    }
    journal.parts.push_back(std::move(part));
  }
  return journal;
}

}  // namespace essaim::node
