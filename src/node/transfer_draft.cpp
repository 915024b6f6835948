// The part of Transfer that fetches a file which its owner still hashes.
#include <algorithm>
#include <utility>

#include "content/chunk_plan.hpp"
#include "node/failures.hpp"
#include "node/targets.hpp"
#include "node/transfer.hpp"

namespace essaim::node {
namespace {

Failure changed(const std::string& owner) {
  return {FailureCode::kFailed, "The file changed at " + owner +
                                    " while it was being read, so nothing of it was kept. Get it again when it is "
                                    "finished."};
}

std::string still_hashing(const EntryView& entry) {
  std::string sentence = "hashing at " + entry.peer;
  if (entry.size > 0 && entry.bytes_hashed > 0) {
    sentence += ", " + std::to_string(std::min<std::uint64_t>(entry.bytes_hashed * 100 / entry.size, 100)) + "%";
  }
  return sentence;
}

}  // namespace

// A file that is still being hashed has no id yet, and is fetched as a draft until it has one. A folder is waited for,
// and so is what is only to be read.
Answer<content::Link> Transfer::wait_for_link() {
  while (!wanted_.link && wish_ == Wish::kRun) {
    if (wanted_.entry->draft && !is_to_read()) {
      auto fetching = fetch_draft();
      if (auto fetched = co_await std::move(fetching); !fetched) co_return fail(fetched.error());
      continue;
    }
    auto looking = look_again();
    auto entry = co_await std::move(looking);
    if (!entry) co_return fail(entry.error());
    if (auto same = compare_with_draft(*entry); !same) co_return fail(same.error());
    wanted_.entry = *entry;
    if (entry->link) wanted_.link = content::parse_link(*entry->link).value_or(content::Link{});
    if (entry->link || (entry->draft && !is_to_read())) continue;
    view_.failure = Failure{FailureCode::kInterrupted, still_hashing(*entry)};
    publish();
    show_activity(Activity::kIdle);
    co_await rest(kLookAgainInterval * 2);
  }
  show_activity(Activity::kBusy);
  if (!wanted_.link) co_return fail_with(FailureCode::kInterrupted, "It was stopped before it began.");
  view_.failure.reset();
  view_.content_id = wanted_.link->id;
  view_.bytes_total = wanted_.link->size.value_or(0);
  record_.link = content::format_link(*wanted_.link);
  // From here on it can go on after a stop of any kind.
  if (auto kept = keep_record(); draft_ && !kept) co_return fail(kept.error());
  co_return *wanted_.link;
}

Answer<EntryView> Transfer::look_again() {
  auto looking = parts_.browser.find_peer(wanted_.entry->peer_id.text, std::chrono::milliseconds(0));
  auto peer = co_await std::move(looking);
  if (!peer) co_return fail(peer.error());
  co_return co_await parts_.browser.find_path(*peer, wanted_.entry->path);
}

Answer<void> Transfer::fetch_draft() {
  const EntryView entry = *wanted_.entry;
  auto opening = open_draft(entry);
  if (auto opened = co_await std::move(opening); !opened) co_return fail(opened.error());
  view_.state = TransferState::kRunning;
  view_.failure.reset();
  publish();
  auto fetch = std::make_shared<Fetch>(Fetch::Parts{.control = parts_.control,
                                                    .sessions = parts_.sessions,
                                                    .scope = {.root = *entry.draft},
                                                    .target = std::make_shared<FileTarget>(draft_->part),
                                                    .seed = parts_.new_seed(),
                                                    .bytes_per_second = view_.limit,
                                                    .shared_limit = parts_.limit,
                                                    .draft_owner = entry.peer_id},
                                       std::vector{swarm::Item{*entry.draft, entry.size, swarm::Naming::kDraft}});
  fetch_ = fetch;
  fetch->mark_draft_leaves(draft_->leaves);
  for (std::uint32_t i = 0; i < draft_->chunks.size(); ++i) {
    if (draft_->chunks[i]) fetch->mark_have({swarm::ItemIndex{0}, content::ChunkIndex{i}});
  }
  auto running = run_to_end(fetch);
  const FetchEnd end = co_await std::move(running);
  sources_before_ = view_.sources;
  draft_->leaves = fetch->draft_leaves();
  draft_->chunks.resize(draft_->leaves.size());
  for (std::uint32_t i = 0; i < draft_->chunks.size(); ++i) {
    draft_->chunks[i] = fetch->download().has({swarm::ItemIndex{0}, content::ChunkIndex{i}});
  }
  co_return end_of_draft(end, *fetch);
}

Answer<void> Transfer::open_draft(const EntryView& entry) {
  view_.bytes_total = entry.size;
  view_.files_total = 1;
  auto name = SafePath::parse(destination_.name);
  if (!name) co_return fail_with(FailureCode::kRefused, std::string(to_string(name.error())) + ".");
  if (!content::plan_for(entry.size)) co_return fail_with(FailureCode::kRefused, "The file is too large.");
  if (!draft_) {
    auto folder = open_folder();
    if (!folder) co_return fail(folder.error());
    auto opening = open_part(std::move(*folder), std::move(*name), entry.size);
    auto part = co_await std::move(opening);
    if (!part) co_return fail(part.error());
    draft_ = DraftRemains{.draft = *entry.draft, .part = std::move(*part), .leaves = {}, .chunks = {}};
  }
  discard_ = [part = draft_->part] { return part->discard(); };
  // Leaves of another draft were told of another reading of the file.
  if (draft_->draft != *entry.draft)
    *draft_ = {.draft = *entry.draft, .part = draft_->part, .leaves = {}, .chunks = {}};
  co_return Outcome<void>();
}

Outcome<void> Transfer::end_of_draft(const FetchEnd& end, const Fetch& fetch) {
  switch (end.kind) {
    case FetchEnd::Kind::kDone:
    case FetchEnd::Kind::kNamed:
      wanted_.link = content::Link{.id = *fetch.content_id(), .name = destination_.name, .size = wanted_.entry->size};
      return {};
    case FetchEnd::Kind::kUnknown: wanted_.entry->draft.reset(); return {};
    case FetchEnd::Kind::kStopped: return fail_with(FailureCode::kInterrupted, "It was stopped.");
    case FetchEnd::Kind::kDisk: return fail(failure_of(*end.disk));
    case FetchEnd::Kind::kChanged: forget_draft(); return fail(changed(wanted_.entry->peer));
    case FetchEnd::Kind::kFalse:
      forget_draft();
      return fail_with(FailureCode::kFailed,
                       wanted_.entry->peer + " did not give what it says it shares, so nothing of it was kept.");
  }
  return {};
}

void Transfer::forget_draft() {
  if (!draft_) return;
  static_cast<void>(draft_->part->discard());
  draft_.reset();
  record_.part_name.clear();
}

// Where the draft was forgotten before all of its leaves were told.
void Transfer::keep_draft_chunks(FileTarget& target, const DraftRemains& draft, const std::shared_ptr<Fetch>& fetch) {
  target.on_known_leaves([draft, weak = std::weak_ptr(fetch)](const std::vector<Leaf>& leaves) {
    const auto running = weak.lock();
    if (running == nullptr) return;
    const Journal journal = draft.journal(leaves);
    for (std::uint32_t i = 0; i < journal.chunks.size(); ++i) {
      if (journal.chunks[i]) running->mark_have({swarm::ItemIndex{0}, content::ChunkIndex{i}});
    }
  });
}

// After its owner has forgotten the draft. Another time or size is another file; were both put back, the leaves tell.
Outcome<void> Transfer::compare_with_draft(const EntryView& now) {
  const bool same = now.size == wanted_.entry->size && now.mtime == wanted_.entry->mtime;
  if (!draft_ || same) return {};
  forget_draft();
  return fail(changed(now.peer));
}

}  // namespace essaim::node
