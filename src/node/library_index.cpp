// The part of Library that keeps the index true to the disk.
#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "content/hash.hpp"
#include "content/manifest.hpp"
#include "content/tree.hpp"
#include "node/library.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

// Pages of this many records are read while a tree document is built.
constexpr std::size_t kTreePageRecords = 5000;

std::optional<content::TreeEntry> tree_entry_of(storage::FileRecord record) {
  auto path = SafePath::parse(record.path);
  const bool unhashed = record.kind == storage::FileKind::kFile && !record.content_id;
  if (!path || unhashed || record.kind == storage::FileKind::kOther) return std::nullopt;
  content::TreeEntry entry{.path = std::move(*path), .mtime = record.mtime};
  switch (record.kind) {
    case storage::FileKind::kDirectory: entry.kind = content::EntryKind::kFolder; break;
    case storage::FileKind::kSymlink:
      entry.kind = content::EntryKind::kSymlink;
      entry.target = std::move(record.link_target);
      break;
    default:
      entry.kind = content::EntryKind::kFile;
      entry.executable = record.executable;
      entry.size = record.size;
      entry.id = *record.content_id;
  }
  return entry;
}

// The document of a share as the catalogue knows it. Records that a tree can't have are left out.
storage::Result<std::string> tree_document(const std::string& catalogue_path, storage::ShareId share) {
  auto catalogue = storage::Catalogue::open_read_only(catalogue_path);
  if (!catalogue) return fail(catalogue.error());
  content::TreeBuilder builder;
  storage::PageQuery query{.share = share, .after = std::nullopt, .limit = kTreePageRecords};
  while (true) {
    auto page = catalogue->files().page(query);
    if (!page) return fail(page.error());
    if (page->empty()) return std::move(builder).take();
    query.after = page->back().path;
    for (storage::FileRecord& record : *page) {
      if (const auto entry = tree_entry_of(std::move(record))) static_cast<void>(builder.add(*entry));
    }
  }
}

ContentId id_of(ByteView document) {
  const auto plan = content::plan_for(document.size());
  std::vector<Leaf> leaves;
  for (std::uint32_t i = 0; i < plan->chunks; ++i) {
    const content::ChunkIndex chunk{i};
    leaves.push_back(content::leaf_of(document.subspan(plan->offset(chunk), plan->length(chunk))));
  }
  return content::content_id_of(document.size(), leaves);
}

struct BuiltTree {
  ContentId id;
  std::uint64_t bytes = 0;
};

// Runs on the tree builder's thread. `trees` outlives it: Library::stop() joins that thread.
asio::awaitable<storage::Result<BuiltTree>> build_tree(std::string catalogue_path, storage::TreeStore& trees,
                                                       storage::ShareId share) {
  const auto document = tree_document(catalogue_path, share);
  if (!document) co_return fail(document.error());
  const BuiltTree built{.id = id_of(as_bytes(*document)), .bytes = document->size()};
  if (auto kept = trees.put(built.id, as_bytes(*document)); !kept) co_return fail(kept.error());
  co_return built;
}

}  // namespace

void Library::open_root(Share& share) {
  if (share.root == nullptr) {
    auto root = storage::ShareRoot::open(share.record.path);
    if (!root) {
      parts_.log.warning("{}", describe(root.error()));
      share.record.state = storage::ShareState::kUnavailable;
      return;
    }
    share.root = std::make_shared<const storage::ShareRoot>(std::move(*root));
  }
  // A download's files are looked at when they are served; nothing else of it matters.
  if (!watcher_ || share.record.state == storage::ShareState::kDownloaded) return;
  if (auto watched = watcher_->add(share.record.id, share.root); !watched) {
    parts_.log.warning("{} Changes in \"{}\" may go unnoticed.", describe(watched.error()), share.record.name);
  }
}

void Library::index(Share& share) {
  if (stopping_ || share.root == nullptr) return;
  if (share.indexing) {
    share.rescan_wanted = true;
    return;
  }
  share.indexing = true;
  share.rescan_wanted = false;
  share.bytes_hashed = 0;
  indexer_->start({.share = share.record.id,
                   .path = share.record.path,
                   .catalogue_path = parts_.home.catalogue_path(),
                   .kind = storage::IndexJob::Kind::kContent});
}

void Library::on_batch(const storage::IndexBatch& batch) {
  const auto found = shares_.find(batch.progress.share);
  if (stopping_ || found == shares_.end()) return;
  Share& share = found->second;
  const storage::ShareId id = found->first;
  if (!batch.changes.empty()) {
    if (auto applied = files().apply(batch.changes); !applied) {
      parts_.log.error("{}", describe(applied.error()));
      return;
    }
    for (const std::string& path : batch.changes.removed) drafts_.on_removed(id, path);
    for (const storage::IndexedFile& file : batch.changes.upserts) drafts_.on_record(id, file.record);
    forget_served();
    if (const auto totals = files().totals(id)) {
      share.record.files = totals->files;
      share.record.total_bytes = totals->bytes;
    }
  }
  share.bytes_hashed = std::max(share.bytes_hashed, batch.progress.bytes_hashed);
  if (share.indexing) announce(share);
}

void Library::on_leaves(const storage::ShareLeavesFound& leaves) {
  if (!stopping_ && shares_.contains(leaves.share)) drafts_.on_leaves(leaves);
}

void Library::on_done(const storage::IndexSummary& summary) {
  const auto found = shares_.find(summary.share);
  if (stopping_ || found == shares_.end()) return;
  if (summary.kind == storage::IndexJob::Kind::kContent) return on_indexed(summary.share, summary);
  bump_rev();  // level 0 can see more now
}

void Library::on_indexed(storage::ShareId id, const storage::IndexSummary& summary) {
  Share& share = shares_.at(id);
  share.indexing = false;
  drafts_.on_job_ended(id);
  forget_served();
  share.left_out.clear();
  bool incomplete = false;
  for (const storage::SkippedEntry& skipped : summary.skipped) {
    share.left_out.push_back(skipped.path + ": " + std::string(to_string(skipped.reason)));
    incomplete |= skipped.reason == storage::SkipReason::kChanged;
  }
  if (summary.error) {
    parts_.log.warning("{}", describe(*summary.error));
    share.record.state = storage::ShareState::kUnavailable;
    share.root = nullptr;
    static_cast<void>(parts_.catalogue.shares().update(share.record));
    announce(share);
    return;
  }
  if (share.rescan_wanted) return index(share);
  if (incomplete) rescan_later(id, kRetryDelay);
  const bool known = share.record.content_id && share.record.state == storage::ShareState::kReady;
  if (summary.changed == 0 && known) {
    announce(share);
    return start_sha256(share);
  }
  asio::co_spawn(parts_.control, finish_indexing(id), asio::detached);
}

asio::awaitable<void> Library::finish_indexing(storage::ShareId id) {
  std::optional<ContentId> content_id;
  std::uint64_t tree_bytes = 0;
  if (shares_.at(id).record.kind == storage::ShareKind::kFile) {
    if (auto record = files().find({id, ""}); record && *record) content_id = (*record)->content_id;
  } else {
    auto work = build_tree(parts_.home.catalogue_path(), trees_, id);
    const auto built = co_await asio::co_spawn(tree_builder_, std::move(work), asio::use_awaitable);
    if (built) {
      content_id = built->id;
      tree_bytes = built->bytes;
    } else {
      parts_.log.error("{}", describe(built.error()));
    }
  }
  const auto found = shares_.find(id);  // it may have been unshared meanwhile
  if (stopping_ || found == shares_.end()) co_return;
  settle(found->second, content_id, tree_bytes);
}

void Library::settle(Share& share, std::optional<ContentId> id, std::uint64_t tree_bytes) {
  storage::ShareRecord& record = share.record;
  const std::optional<ContentId> old = record.content_id;
  record.content_id = id;
  record.tree_bytes = tree_bytes;
  record.state = id ? storage::ShareState::kReady : storage::ShareState::kIndexing;
  if (const auto totals = files().totals(record.id)) {
    record.files = totals->files;
    record.total_bytes = totals->bytes;
  }
  if (auto kept = parts_.catalogue.shares().update(record); !kept) parts_.log.error("{}", describe(kept.error()));
  if (old && old != id && record.kind == storage::ShareKind::kFolder) static_cast<void>(trees_.remove(*old));
  forget_served();
  bump_rev();
  announce(share);
  start_sha256(share);
}

void Library::start_sha256(const Share& share) {
  const bool public_share = share.record.audience.kind == access::Audience::Kind::kEveryone;
  if (!parts_.classic || !public_share || share.root == nullptr) return;
  const auto missing = files().page_without_sha256({.share = share.record.id, .after = std::nullopt, .limit = 1});
  if (!missing || missing->empty()) return;
  indexer_->start({.share = share.record.id,
                   .path = share.record.path,
                   .catalogue_path = parts_.home.catalogue_path(),
                   .kind = storage::IndexJob::Kind::kSha256});
}

asio::awaitable<void> Library::watch_loop() {
  while (!stopping_) {
    const auto [error] = co_await watch_ready_->async_wait(asio::posix::stream_descriptor::wait_read,
                                                           asio::as_tuple(asio::use_awaitable));
    if (error || stopping_) co_return;
    const storage::WatchReport report = watcher_->drain();
    if (report.trouble) parts_.log.warning("{}", describe(*report.trouble));
    for (const storage::ShareId id : report.changed) rescan_later(id, kRescanDelay);
  }
}

void Library::rescan_later(storage::ShareId id, std::chrono::milliseconds delay) {
  rescans_[id] = std::chrono::steady_clock::now() + delay;
  rescan_timer_.cancel();
}

asio::awaitable<void> Library::rescan_loop() {
  while (!stopping_) {
    const auto now = std::chrono::steady_clock::now();
    auto next = asio::steady_timer::time_point::max();
    std::vector<storage::ShareId> due;
    for (const auto& [id, when] : rescans_) {
      if (when <= now) {
        due.push_back(id);
      } else {
        next = std::min(next, when);
      }
    }
    for (const storage::ShareId id : due) {
      rescans_.erase(id);
      const auto found = shares_.find(id);
      if (found == shares_.end()) continue;
      if (found->second.record.state == storage::ShareState::kDownloaded) {
        drop(id);
        continue;
      }
      if (found->second.root == nullptr) open_root(found->second);
      index(found->second);
    }
    rescan_timer_.expires_at(next);
    co_await rescan_timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void Library::on_changed(const ContentId& id) {
  served_.forget(id);
  places_.erase(id);
  if (const Draft* draft = drafts_.find(id)) rescan_later(draft->file.share, kRescanDelay);
  drafts_.on_changed(id);
  if (const auto places = files().find_content(id, storage::kServedFilesOpenMax)) {
    for (const storage::SharedFile& place : *places) rescan_later(place.share, kRescanDelay);
  }
}

}  // namespace essaim::node
