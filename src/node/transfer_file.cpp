// The part of Transfer that fetches one file.
#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "content/manifest.hpp"
#include "node/failures.hpp"
#include "node/offload.hpp"
#include "node/recheck.hpp"
#include "node/targets.hpp"
#include "node/transfer.hpp"
#include "node/wall_clock.hpp"
#include "storage/disk_space.hpp"
#include "storage/download_records.hpp"
#include "storage/existing.hpp"

namespace essaim::node {

namespace asio = boost::asio;

Outcome<storage::Directory> Transfer::open_folder() const {
  auto folder = storage::Directory::make(destination_.folder);
  if (!folder) return fail(failure_of(folder.error()));
  return std::move(*folder);
}

Outcome<void> Transfer::check_room(const storage::Directory& folder) const {
  const std::uint64_t there = std::max(record_.done_bytes, view_.bytes_done);
  const std::uint64_t needed = view_.bytes_total - std::min(view_.bytes_total, there);
  const auto space = storage::disk_space_of(folder);
  if (!space || storage::has_room_for(*space, needed)) return {};
  return fail_with(FailureCode::kFailed,
                   "There is not enough room in " + destination_.folder + ": " + std::to_string(needed >> 20U) +
                       " MiB are needed, and some must stay free. Make room, or choose another place with -o.");
}

Answer<std::string> Transfer::run_file() {
  if (!wanted_.link->size) {
    for (const SessionId holder : co_await parts_.browser.holders_of(wanted_.link->id)) {
      wanted_.link->size = co_await parts_.browser.claimed_size(wanted_.link->id, holder);
      if (wanted_.link->size) break;
    }
    if (!wanted_.link->size) {
      co_return fail_with(FailureCode::kNotFound, "Nobody who is near has this content.");
    }
  }
  view_.bytes_total = *wanted_.link->size;
  view_.files_total = 1;
  if (!content::plan_for(*wanted_.link->size)) {
    co_return fail_with(FailureCode::kRefused, "The file is larger than 8 TiB, which is as much as one file may be.");
  }
  auto name = SafePath::parse(destination_.name);
  if (!name) co_return fail_with(FailureCode::kRefused, std::string(to_string(name.error())) + ".");
  // The room that a draft takes is taken already.
  auto folder = open_folder();
  if (!folder) co_return fail(folder.error());
  auto fetching = is_to_read() ? fetch_to_read(std::move(*folder), std::move(*name))
                               : fetch_file(std::move(*folder), std::move(*name));
  co_return co_await std::move(fetching);
}

Answer<std::string> Transfer::fetch_file(storage::Directory folder, SafePath name) {
  const content::Link link = *wanted_.link;
  const storage::WantedContent content{.id = link.id, .size = *link.size};
  const auto there = co_await offload(parts_.disk, [&] { return storage::has_content(folder, name, content, {}); });
  if (there && *there) {
    view_.already_there = true;
    forget_draft();
    co_return destination_.folder + "/" + name.text();
  }
  const auto draft = std::exchange(draft_, std::nullopt);
  Outcome<std::shared_ptr<storage::PartFile>> part;
  if (draft) {
    part = draft->part;
  } else {
    auto opening = open_part(std::move(folder), name, content.size);
    part = co_await std::move(opening);
  }
  if (!part) co_return fail(part.error());
  discard_ = [part = *part] { return part->discard(); };

  const auto target = std::make_shared<FileTarget>(*part);
  auto recovered = co_await recover(*part);
  if (draft && content::check_manifest(content.size, draft->leaves, link.id)) {
    recovered = draft->journal(draft->leaves);
  } else if (!recovered && !draft) {
    auto taking = take_own_file(*part);
    recovered = co_await std::move(taking);
  }
  std::shared_ptr<Fetch> fetch;
  const auto prepare = [&](Fetch& prepared) {
    fetch = prepared.shared_from_this();
    asio::co_spawn(parts_.control, checkpoints(fetch, *part, target), asio::detached);
    if (!recovered) {
      if (draft) keep_draft_chunks(*target, *draft, fetch);
      return;
    }
    if (!recovered->leaves.empty()) {
      target->on_leaves(swarm::ItemIndex{0}, recovered->leaves);
      prepared.mark_leaves(swarm::ItemIndex{0}, recovered->leaves);
    }
    for (std::uint32_t i = 0; i < recovered->chunks.size(); ++i) {
      if (recovered->chunks[i]) prepared.mark_have({swarm::ItemIndex{0}, content::ChunkIndex{i}});
    }
  };
  std::vector<swarm::Item> items{swarm::Item{link.id, *link.size}};
  auto fetching = run_fetch(target, std::move(items), {.root = link.id}, prepare);
  const auto fetched = co_await std::move(fetching);
  if (!fetched) {
    if (wish_ == Wish::kCancel) co_return fail(fetched.error());
    const auto synced = co_await offload(parts_.disk, [&] { return (*part)->checkpoint(); });
    if (synced) {
      Journal journal = journal_of(*fetch, *target);
      journal.clean = true;
      write_progress(encode_journal(journal));
    }
    co_return fail(fetched.error());
  }
  view_.state = TransferState::kVerifying;
  publish();
  const storage::FinalMeta meta{.mtime = wanted_.entry ? wanted_.entry->mtime : wall_clock()};
  auto published = co_await offload(parts_.disk, [&] { return (*part)->finish(meta); });
  if (!published) co_return fail(failure_of(published.error()));
  const std::string path = destination_.folder + "/" + *published;
  keep_ = [this, target, file = storage::FinishedFile{path, link.id, *link.size, meta.mtime}]() mutable {
    return keep_file(std::move(file), target->leaves());
  };
  co_return path;
}

asio::awaitable<void> Transfer::keep_file(storage::FinishedFile file, std::vector<Leaf> leaves) {
  if (!parts_.keep) co_return;
  auto record = co_await offload(parts_.disk, [&] { return storage::record_of_file(file); });
  if (!record) co_return;
  FinishedDownload download{
      .path = std::move(file.path), .kind = storage::ShareKind::kFile, .id = file.id, .document = {}, .files = {}};
  download.files.push_back({.record = std::move(*record), .leaves = std::move(leaves)});
  co_await parts_.keep(std::move(download));
}

Answer<std::shared_ptr<storage::PartFile>> Transfer::open_part(storage::Directory folder, SafePath name,
                                                               std::uint64_t size) {
  if (auto room = check_room(folder); !room) co_return fail(room.error());
  const storage::PartFile::Target target{.name = std::move(name), .size = size};
  auto again = folder.duplicate();
  if (!again) co_return fail(failure_of(again.error()));
  if (const auto known = SafePath::parse(record_.part_name)) {
    if (auto part = storage::PartFile::resume(std::move(*again), target, *known)) {
      co_return std::make_shared<storage::PartFile>(std::move(*part));
    }
    write_progress({});  // it told of a part file that is gone
  }
  auto part = storage::PartFile::create(std::move(folder), target);
  if (!part) co_return fail(failure_of(part.error()));
  record_.part_name = part->part_name().text();
  record_.total_bytes = target.size;
  record_.state = storage::TransferState::kRunning;
  if (auto kept = keep_record(); !kept) co_return fail(kept.error());
  co_return std::make_shared<storage::PartFile>(std::move(*part));
}

asio::awaitable<std::optional<Journal>> Transfer::recover(std::shared_ptr<storage::PartFile> part) {
  const auto bytes = parts_.catalogue.transfers().progress_of(record_.id);
  const auto plan = content::plan_for(*wanted_.link->size);
  auto journal = bytes ? parse_journal(*bytes, *plan) : std::nullopt;
  if (!journal) co_return std::nullopt;
  content::Manifest manifest{.size = plan->size, .leaves = journal->leaves};
  const bool leaves_known = manifest.leaves.size() == plan->chunks && manifest.id() == wanted_.link->id;
  if (!leaves_known) co_return std::nullopt;
  if (journal->clean) co_return journal;
  // The process died: what the part file holds beyond the last checkpoint counts too, once it is hashed.
  view_.state = TransferState::kVerifying;
  publish();
  journal->chunks = co_await offload(parts_.disk, [&] { return right_chunks(*part, manifest); });
  view_.state = TransferState::kRunning;
  co_return journal;
}

asio::awaitable<void> Transfer::checkpoints(std::shared_ptr<Fetch> fetch, std::shared_ptr<storage::PartFile> part,
                                            std::shared_ptr<FileTarget> target) {
  const auto self = shared_from_this();
  bool leaves_written = false;
  asio::steady_timer timer(parts_.control);
  while (fetch_ == fetch) {
    // The leaves are written as soon as they are known: without them a crash would cost all that came before.
    timer.expires_after(leaves_written ? std::chrono::milliseconds(kCheckpointInterval) : kProgressInterval);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (fetch_ != fetch) co_return;
    if (!leaves_written && target->leaves().empty()) continue;
    const Journal journal = journal_of(*fetch, *target);  // before the sync: it must not tell of more than is synced
    const auto synced = co_await offload(parts_.disk, [part] { return part->checkpoint(); });
    if (fetch_ != fetch || !synced) co_return;
    write_progress(encode_journal(journal));
    leaves_written = true;
  }
}

Journal Transfer::journal_of(const Fetch& fetch, const FileTarget& target) const {
  const auto plan = content::plan_for(*wanted_.link->size);
  Journal journal{.chunks = std::vector<bool>(plan->chunks), .leaves = target.leaves()};
  for (std::uint32_t i = 0; i < plan->chunks; ++i) {
    journal.chunks[i] = fetch.download().has({swarm::ItemIndex{0}, content::ChunkIndex{i}});
  }
  return journal;
}

void Transfer::write_progress(Bytes journal) {
  const std::uint64_t before = std::exchange(record_.done_bytes, journal.empty() ? 0 : view_.bytes_done);
  if (record_.done_bytes > before) record_.updated = wall_clock();
  const auto kept = parts_.catalogue.transfers().save_progress(
      record_.id, {.bitmap = std::move(journal), .done_bytes = record_.done_bytes, .updated = record_.updated});
  if (!kept) parts_.log.warning("{}", describe(kept.error()));
}

void Transfer::stop_classic() {
  if (classic_ == nullptr) return;
  classic_->stop = true;
  classic_limits_->stop();
}

Answer<std::string> Transfer::run_classic() {
  view_.state = TransferState::kRunning;
  view_.files_total = 1;
  view_.bytes_total = wanted_.classic->file.size;
  auto name = SafePath::parse(destination_.name);
  if (!name) co_return fail_with(FailureCode::kRefused, std::string(to_string(name.error())) + ".");
  auto folder = open_folder();
  if (!folder) co_return fail(folder.error());
  if (auto room = check_room(*folder); !room) co_return fail(room.error());
  auto part = storage::PartFile::create(std::move(*folder), {.name = std::move(*name), .size = view_.bytes_total});
  if (!part) co_return fail(failure_of(part.error()));
  const auto shared = std::make_shared<storage::PartFile>(std::move(*part));
  discard_ = [shared] { return shared->discard(); };
  classic_ = std::make_shared<ClassicProgress>();
  classic_limits_ = std::make_shared<DownloadLimits>(parts_.control, view_.limit, parts_.limit);
  if (wish_ != Wish::kRun) stop_classic();
  auto errand = parts_.classic.fetch(
      {.source = *wanted_.classic, .part = shared, .progress = classic_, .limits = classic_limits_});
  const auto fetched = co_await std::move(errand);
  const std::uint64_t bytes = classic_->bytes;
  classic_ = nullptr;
  classic_limits_ = nullptr;
  view_.bytes_done = bytes;
  view_.sources = {
      {.peer_id = wanted_.classic->peer, .name = parts_.browser.name_of_peer(wanted_.classic->peer), .bytes = bytes}};
  if (!fetched) {
    // Its leaves are nobody's: there is nothing to check what came against, so nothing to go on with.
    static_cast<void>(shared->discard());
    co_return fail(fetched.error());
  }
  auto published = co_await offload(parts_.disk, [shared] { return shared->finish({.mtime = wall_clock()}); });
  if (!published) co_return fail(failure_of(published.error()));
  co_return destination_.folder + "/" + *published;
}

}  // namespace essaim::node
