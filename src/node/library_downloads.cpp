// The part of Library that keeps finished downloads available by their ids.
#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/library.hpp"
#include "node/wall_clock.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

// Rows put down at once; in between, the control thread does its other work.
constexpr std::size_t kRowsAtOnce = 2000;

}  // namespace

asio::awaitable<void> Library::keep(FinishedDownload download) {
  const bool shared = std::ranges::any_of(shares_, [&](const auto& entry) {
    return entry.second.record.path == download.path && entry.second.record.state != storage::ShareState::kDownloaded;
  });
  if (stopping_ || shared) co_return;
  make_room_for_download(download.path);
  // Called by its path: no share can have such a name.
  storage::ShareRecord record{.name = download.path,
                              .path = download.path,
                              .kind = download.kind,
                              .audience = {.kind = access::Audience::Kind::kUnlisted},
                              .added = wall_clock(),
                              .content_id = download.id,
                              .tree_bytes = download.document.size(),
                              .files = download.files.size(),
                              .state = storage::ShareState::kDownloaded};
  if (!download.document.empty() && download.id) {
    if (auto kept = trees_.put(*download.id, download.document); !kept) co_return;
  }
  const auto id = parts_.catalogue.shares().add(record);
  if (!id) {
    parts_.log.warning("{}", describe(id.error()));
    co_return;
  }
  record.id = *id;
  for (std::size_t at = 0; at < download.files.size(); at += kRowsAtOnce) {
    const auto begin = download.files.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min(kRowsAtOnce, download.files.size() - at);
    storage::FileChanges changes{.share = *id};
    changes.upserts.assign(std::make_move_iterator(begin),
                           std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count)));
    if (auto applied = files().apply(changes); !applied) {
      parts_.log.warning("{}", describe(applied.error()));
      co_return;
    }
    co_await asio::post(parts_.control, asio::use_awaitable);
    if (stopping_) co_return;
  }
  Share& share = shares_.emplace(*id, Share{.record = std::move(record)}).first->second;
  open_root(share);
  forget_served();
  if (share.root == nullptr) drop(*id);
}

void Library::make_room_for_download(const std::string& path) {
  std::vector<const storage::ShareRecord*> kept;
  for (const auto& [id, share] : shares_) {
    if (share.record.state == storage::ShareState::kDownloaded) kept.push_back(&share.record);
  }
  std::ranges::sort(kept, {}, &storage::ShareRecord::added);
  std::vector<storage::ShareId> outdated;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const bool too_many = kept.size() - i >= kDownloadsKeptMax;
    if (too_many || kept[i]->path == path) outdated.push_back(kept[i]->id);
  }
  for (const storage::ShareId id : outdated) drop(id);
}

void Library::drop(storage::ShareId id) {
  const auto found = shares_.find(id);
  if (found == shares_.end()) return;
  const storage::ShareRecord& record = found->second.record;
  const bool shared_too = std::ranges::any_of(shares_, [&](const auto& entry) {
    return entry.first != id && entry.second.record.content_id == record.content_id;
  });
  if (record.kind == storage::ShareKind::kFolder && record.content_id && !shared_too) {
    static_cast<void>(trees_.remove(*record.content_id));  // a document left behind is only untidy
  }
  if (auto removed = parts_.catalogue.shares().remove(id); !removed) {
    parts_.log.warning("{}", describe(removed.error()));
  }
  shares_.erase(found);
  forget_served();
}

}  // namespace essaim::node
