// The part of Transfer that fetches a folder: its document first, then its files as one stream.
#include <algorithm>
#include <map>
#include <utility>

#include "node/failures.hpp"
#include "node/offload.hpp"
#include "node/targets.hpp"
#include "node/transfer.hpp"
#include "storage/download_records.hpp"
#include "storage/existing.hpp"
#include "storage/file_stat.hpp"

namespace essaim::node {
namespace {

// The numbers that HAVE gives the contents of a folder's files.
std::map<ContentId, std::uint32_t> numbers_of(const std::vector<content::TreeEntry>& entries) {
  std::map<ContentId, std::uint32_t> numbers;
  for (const content::TreeEntry& entry : entries) {
    if (entry.kind != content::EntryKind::kFile) continue;
    numbers.try_emplace(entry.id, static_cast<std::uint32_t>(numbers.size()));
  }
  return numbers;
}

// The entries below `folder`, with paths from there; all of them where it is empty.
std::vector<content::TreeEntry> below(std::vector<content::TreeEntry> entries, const std::string& folder) {
  if (folder.empty()) return entries;
  std::vector<content::TreeEntry> inside;
  const std::string prefix = folder + "/";
  for (content::TreeEntry& entry : entries) {
    if (!entry.path.text().starts_with(prefix)) continue;
    auto path = SafePath::parse(std::string_view(entry.path.text()).substr(prefix.size()));
    if (!path) continue;
    const bool leaves =
        entry.kind == content::EntryKind::kSymlink && !content::target_stays_inside(*path, entry.target);
    if (leaves) continue;  // it pointed into another part of the shared folder, which is not fetched
    entry.path = std::move(*path);
    inside.push_back(std::move(entry));
  }
  return inside;
}

// What is fetched, each content once, and where it goes.
struct Plan {
  std::vector<swarm::Item> items;
  std::vector<TreeFilesTarget::FileItem> files;  // by item
};

Plan plan_of(const std::vector<content::TreeEntry>& entries) {
  Plan plan;
  std::map<ContentId, std::size_t> known;
  for (const content::TreeEntry& entry : entries) {
    if (entry.kind != content::EntryKind::kFile) continue;
    const auto [at, first] = known.try_emplace(entry.id, plan.items.size());
    if (first) {
      plan.items.push_back({entry.id, entry.size});
      plan.files.push_back({.size = entry.size, .places = {}});
    }
    plan.files[at->second].places.push_back(
        {.path = entry.path, .meta = {.mtime = entry.mtime, .executable = entry.executable}});
  }
  return plan;
}

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

// Which items an earlier run has finished: every place of them holds the right content.
std::vector<std::size_t> finished_items(const storage::Directory& staging, const Plan& plan) {
  std::vector<std::size_t> finished;
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    const storage::WantedContent wanted{.id = plan.items[i].id, .size = plan.items[i].size};
    const bool all = std::ranges::all_of(plan.files[i].places, [&](const TreeFilesTarget::Place& place) {
      const auto there = storage::has_content(staging, place.path, wanted, {});
      return there && *there;
    });
    if (all) finished.push_back(i);
  }
  return finished;
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
  entries = below(std::move(entries), wanted_.subfolder);
  Plan plan = plan_of(entries);
  SwarmScope scope{.kind = SwarmScope::Kind::kFiles,
                   .root = wanted_.link->id,
                   .numbers_total = static_cast<std::uint32_t>(numbers.size())};
  for (const swarm::Item& item : plan.items) scope.numbers.push_back(numbers.at(item.id));
  std::uint64_t bytes = 0;
  for (const swarm::Item& item : plan.items) bytes += item.size;
  view_.bytes_total = bytes;
  view_.files_total = plan.items.size();
  auto name = SafePath::parse(destination_.name);
  if (!name) co_return fail_with(FailureCode::kRefused, std::string(to_string(name.error())) + ".");
  auto folder = co_await open_folder(bytes);
  if (!folder) co_return fail(folder.error());
  if (co_await tree_is_there(*folder, *name, entries)) {
    view_.already_there = true;
    co_return destination_.folder + "/" + name->text();
  }

  auto staging = open_staging(std::move(*folder), std::move(*name));
  if (!staging) co_return fail(failure_of(staging.error()));
  storage::TreeTarget* const target = &staging->target;
  record_.part_name = target->staging_name().text();
  record_.total_bytes = bytes;
  record_.state = storage::TransferState::kRunning;
  if (auto kept = keep_record(); !kept) co_return fail(kept.error());

  const auto prepared = co_await offload(parts_.disk, [&] { return put_folders_and_links(*target, entries); });
  if (!prepared) co_return fail(failure_of(prepared.error()));
  std::vector<std::size_t> finished;
  if (staging->resumed)
    finished = co_await offload(parts_.disk, [&] { return finished_items(target->staging(), plan); });
  auto files = TreeFilesTarget::make(*target, parts_.lanes, std::move(plan.files));
  if (!files) co_return fail(failure_of(files.error()));
  auto fetching = run_fetch(*files, std::move(plan.items), std::move(scope), [&](Fetch& fetch) {
    for (const std::size_t item : finished) fetch.mark_item_done(swarm::ItemIndex{static_cast<std::uint32_t>(item)});
  });
  const auto fetched = co_await std::move(fetching);
  (*files)->close();
  if (!fetched) {
    if (wish_ == Wish::kCancel) static_cast<void>(target->discard());
    co_return fail(fetched.error());
  }
  view_.state = TransferState::kVerifying;
  publish();
  auto published = co_await offload(parts_.disk, [&] { return target->finish(); });
  if (!published) co_return fail(failure_of(published.error()));
  FinishedDownload download{.path = destination_.folder + "/" + *published,
                            .kind = storage::ShareKind::kFolder,
                            .id = std::nullopt,
                            .document = {},
                            .files = {}};
  const bool whole = wanted_.subfolder.empty();
  if (whole) {
    download.id = wanted_.link->id;
    download.document = std::move(document);
  }
  const auto kept = std::make_shared<FinishedDownload>(std::move(download));
  const auto all = std::make_shared<std::vector<content::TreeEntry>>(std::move(entries));
  keep_ = [this, kept, all, fetch = *fetched] { return keep_tree(std::move(*kept), std::move(*all), fetch); };
  co_return destination_.folder + "/" + *published;
}

boost::asio::awaitable<void> Transfer::keep_tree(FinishedDownload download, std::vector<content::TreeEntry> entries,
                                                 std::shared_ptr<const Fetch> fetch) {
  if (!parts_.keep) co_return;
  auto files = co_await offload(parts_.disk, [&] { return storage::records_of_folder(download.path, entries); });
  if (!files) co_return;
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
    if (target) return Staging{.target = std::move(*target), .resumed = true};
  }
  auto target = storage::TreeTarget::create(std::move(folder), std::move(name));
  if (!target) return fail(std::move(target.error()));
  return Staging{.target = std::move(*target), .resumed = false};
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
