// The part of Transfer that fetches a folder: its document first, then its files as one stream.
#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "node/failures.hpp"
#include "node/offload.hpp"
#include "node/targets.hpp"
#include "node/transfer.hpp"
#include "node/tree_plan.hpp"
#include "storage/download_records.hpp"
#include "storage/existing.hpp"
#include "storage/file_stat.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

storage::Result<void> put_folders_and_links(storage::TreeTarget& target,
                                            const std::vector<content::TreeEntry>& entries) {
  for (const content::TreeEntry& entry : entries) {
    storage::Result<void> put;
    if (entry.kind == content::EntryKind::kFolder) put = target.put_folder(entry.path, entry.mtime);
    if (entry.kind == content::EntryKind::kSymlink) put = target.put_symlink(entry.path, entry.target);
    if (!put) return put;
  }
  return {};
}

// Does the folder have this entry, as it should be?
bool stands(const storage::Directory& folder, const content::TreeEntry& entry) {
  if (entry.kind == content::EntryKind::kFile) {
    const auto same = storage::has_content(folder, entry.path, {.id = entry.id, .size = entry.size}, {});
    return same && *same;
  }
  if (entry.kind == content::EntryKind::kSymlink) {
    const auto target = folder.read_link(entry.path);
    return target && *target == entry.target;
  }
  const auto stat = folder.stat_entry(entry.path);
  return stat && stat->kind == storage::FileKind::kDirectory;
}

}  // namespace

Answer<std::string> Transfer::run_tree() {
  auto reading = fetch_tree_document();
  const auto document = co_await std::move(reading);
  if (!document) co_return fail(document.error());
  auto entries = co_await offload(parts_.disk, [&] { return content::parse_tree(*document); });
  if (!entries) {
    co_return fail_with(
        FailureCode::kRefused,
        "The folder's list is not sound (" + content::to_string(entries.error()) + "), so nothing of it was fetched.");
  }
  auto fetching = fetch_tree_files(std::move(*entries), *document);
  co_return co_await std::move(fetching);
}

Answer<Bytes> Transfer::fetch_tree_document() {
  const content::Link& link = *wanted_.link;
  if (!link.tree_bytes) {
    co_return fail_with(FailureCode::kUsage,
                        "The link lacks the size of the folder's list (doc=…). Copy it once more, all of it.");
  }
  if (*link.tree_bytes > content::kTreeBytesMax) {
    co_return fail_with(FailureCode::kRefused,
                        "The folder's list is larger than 256 MiB, which is as much as it may be.");
  }
  const auto target = std::make_shared<MemoryTarget>();
  std::vector<swarm::Item> items{swarm::Item{link.id, *link.tree_bytes}};
  auto fetching = run_fetch(target, std::move(items), {.root = link.id}, [](Fetch&) {});
  const auto fetched = co_await std::move(fetching);
  if (!fetched) co_return fail(fetched.error());
  co_return target->document();
}

Answer<std::string> Transfer::fetch_tree_files(std::vector<content::TreeEntry> entries, Bytes document) {
  const auto numbers = numbers_of(entries);
  entries = entries_below(std::move(entries), wanted_.subfolder);
  const TreePlan plan = plan_of(entries);
  view_.bytes_total = total_bytes(plan);
  view_.files_total = plan.items.size();
  auto name = SafePath::parse(destination_.name);
  if (!name) co_return fail_with(FailureCode::kRefused, std::string(to_string(name.error())) + ".");
  auto folder = open_folder();
  if (!folder) co_return fail(folder.error());
  if (co_await tree_is_there(*folder, *name, entries)) {
    view_.already_there = true;
    co_return destination_.folder + "/" + name->text();
  }
  if (auto room = check_room(*folder); !room) co_return fail(room.error());
  auto staging = open_staging(std::move(*folder), std::move(*name));
  if (!staging) co_return fail(failure_of(staging.error()));
  record_.part_name = staging->target->staging_name().text();
  record_.total_bytes = view_.bytes_total;
  record_.state = storage::TransferState::kRunning;
  if (auto kept = keep_record(); !kept) co_return fail(kept.error());
  auto filling = fill_staging(*staging, plan, scope_of(wanted_.link->id, numbers, plan), entries);
  auto filled = co_await std::move(filling);
  if (!filled) {
    auto leaving = leave_staging(staging->target);
    co_await std::move(leaving);
    co_return fail(filled.error());
  }
  view_.state = TransferState::kVerifying;
  publish();
  auto published = co_await offload(parts_.disk, [&] { return staging->target->finish(); });
  if (!published) co_return fail(failure_of(published.error()));
  const std::string path = destination_.folder + "/" + *published;
  keep_ = [this, fetch = *filled, finished = FinishedTree{path, std::move(entries), std::move(document)}]() mutable {
    return keep_tree(std::move(finished), fetch);
  };
  co_return path;
}

Answer<std::shared_ptr<Fetch>> Transfer::fill_staging(const Staging& staging, const TreePlan& plan, SwarmScope scope,
                                                      const std::vector<content::TreeEntry>& entries) {
  const std::shared_ptr<storage::TreeTarget> target = staging.target;
  const auto prepared = co_await offload(parts_.disk, [&] { return put_folders_and_links(*target, entries); });
  if (!prepared) co_return fail(failure_of(prepared.error()));
  TreeJournal known{.clean = true, .whole = std::vector<bool>(plan.items.size()), .parts = {}};
  if (staging.resumed) {
    auto recovering = recover_tree(*target, plan);
    known = co_await std::move(recovering);
  }
  auto taking = take_own_files(*target, plan, known);
  co_await std::move(taking);
  auto files = TreeFilesTarget::make(*target, parts_.lanes, plan.files);
  if (!files) co_return fail(failure_of(files.error()));
  auto fetching = run_fetch(*files, plan.items, std::move(scope), [&](Fetch& fetch) {
    mark_known(fetch, known);
    if (!known.clean) recheck_on_leaves(**files, fetch.shared_from_this());
    asio::co_spawn(parts_.control, tree_checkpoints(fetch.shared_from_this(), target), asio::detached);
  });
  auto fetched = co_await std::move(fetching);
  (*files)->close();
  co_return fetched;
}

boost::asio::awaitable<void> Transfer::keep_tree(FinishedTree tree, std::shared_ptr<const Fetch> fetch) {
  if (!parts_.keep) co_return;
  auto files = co_await offload(parts_.disk, [&] { return storage::records_of_folder(tree.path, tree.entries); });
  if (!files) co_return;
  FinishedDownload download{.path = std::move(tree.path),
                            .kind = storage::ShareKind::kFolder,
                            .id = std::nullopt,
                            .document = {},
                            .files = {}};
  if (wanted_.subfolder.empty()) {
    download.id = wanted_.link->id;
    download.document = std::move(tree.document);
  }
  for (storage::FileRecord& record : *files) {
    const auto item = fetch->item_of(*record.content_id);
    auto manifest = item ? fetch->manifest_of(*item) : std::nullopt;
    download.files.push_back({.record = std::move(record), .leaves = {}});
    if (manifest) download.files.back().leaves = std::move(manifest->leaves);
  }
  co_await parts_.keep(std::move(download));
}

storage::Result<Transfer::Staging> Transfer::open_staging(storage::Directory folder, SafePath name) {
  auto again = folder.duplicate();
  if (!again) return fail(std::move(again.error()));
  if (const auto known = SafePath::parse(record_.part_name)) {
    auto target = storage::TreeTarget::resume(std::move(*again), name, *known);
    if (target) return Staging{std::make_shared<storage::TreeTarget>(std::move(*target)), true};
  }
  auto target = storage::TreeTarget::create(std::move(folder), std::move(name));
  if (!target) return fail(std::move(target.error()));
  return Staging{std::make_shared<storage::TreeTarget>(std::move(*target)), false};
}

boost::asio::awaitable<bool> Transfer::tree_is_there(const storage::Directory& folder, const SafePath& name,
                                                     const std::vector<content::TreeEntry>& entries) {
  co_return co_await offload(parts_.disk, [&] {
    const auto there = folder.open_directory(name);
    return there &&
           std::ranges::all_of(entries, [&](const content::TreeEntry& entry) { return stands(*there, entry); });
  });
}

}  // namespace essaim::node
