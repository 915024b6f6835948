#include "node/drafts.hpp"

#include <algorithm>

#include "content/chunk_plan.hpp"

namespace essaim::node {

// The draft of the file as it is now; one of what it was before ends.
Draft& Drafts::make(const Place& place, const storage::Fingerprint& of) {
  if (const auto found = being_read_.find(place); found != being_read_.end()) {
    Draft& draft = drafts_.at(found->second);
    if (draft.file.record.fingerprint() == of) return draft;
    end(place, Draft::State::kChanged);
  }
  const ContentId id = new_id_();
  being_read_.emplace(place, id);
  Draft& draft = drafts_[id];
  draft.file.share = place.first;
  draft.file.record.path = place.second;
  draft.file.record.size = of.size;
  draft.file.record.mtime = of.mtime;
  draft.file.record.inode = of.inode;
  return draft;
}

void Drafts::end(const Place& place, Draft::State how) {
  const auto found = being_read_.find(place);
  if (found == being_read_.end()) return;
  const ContentId id = found->second;
  being_read_.erase(found);
  Draft& draft = drafts_.at(id);
  if (!draft.told) {
    drafts_.erase(id);
    return;
  }
  draft.state = how;
  draft.leaves = {};
  ended_.push_back(id);
  if (ended_.size() <= kEndedDraftsKeptMax) return;
  drafts_.erase(ended_.front());
  ended_.pop_front();
}

ContentId Drafts::tell(storage::ShareId share, const storage::FileRecord& record) {
  const Place place{share, record.path};
  make(place, record.fingerprint()).told = true;
  return being_read_.at(place);
}

const Draft* Drafts::find(const ContentId& id) const {
  const auto found = drafts_.find(id);
  return found == drafts_.end() || !found->second.told ? nullptr : &found->second;
}

std::uint64_t Drafts::bytes_hashed(storage::ShareId share, const std::string& path) const {
  const auto found = being_read_.find(Place{share, path});
  if (found == being_read_.end()) return 0;
  const Draft& draft = drafts_.at(found->second);
  const auto plan = content::plan_for(draft.file.record.size);
  return plan ? std::min(std::uint64_t{draft.known} * plan->chunk_bytes, plan->size) : 0;
}

void Drafts::on_leaves(const storage::ShareLeavesFound& leaves) {
  Draft& draft = make({leaves.share, leaves.found.path}, leaves.found.of);
  const auto plan = content::plan_for(draft.file.record.size);
  if (!plan || std::uint64_t{leaves.found.first} + leaves.found.leaves.size() > plan->chunks) return;
  draft.leaves.resize(plan->chunks);
  std::ranges::copy(leaves.found.leaves, draft.leaves.begin() + leaves.found.first);
  while (draft.known < plan->chunks && draft.leaves[draft.known]) ++draft.known;
}

void Drafts::on_record(storage::ShareId share, const storage::FileRecord& record) {
  const Place place{share, record.path};
  const auto found = being_read_.find(place);
  if (found == being_read_.end()) return;
  Draft& draft = drafts_.at(found->second);
  if (draft.file.record.fingerprint() != record.fingerprint()) return end(place, Draft::State::kChanged);
  if (!record.content_id) return;
  draft.content_id = record.content_id;
  end(place, Draft::State::kHashed);
}

void Drafts::on_removed(storage::ShareId share, const std::string& path) { end({share, path}, Draft::State::kChanged); }

void Drafts::on_changed(const ContentId& id) {
  const Draft* draft = find(id);
  if (draft == nullptr) return;
  if (draft->state == Draft::State::kHashed) drafts_.at(id).state = Draft::State::kChanged;
  if (draft->state == Draft::State::kBeingRead)
    end({draft->file.share, draft->file.record.path}, Draft::State::kChanged);
}

void Drafts::on_job_ended(storage::ShareId share) {
  auto next = being_read_.lower_bound(Place{share, ""});
  while (next != being_read_.end() && next->first.first == share) {
    const Place place = (next++)->first;
    end(place, Draft::State::kChanged);
  }
}

}  // namespace essaim::node
