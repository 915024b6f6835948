// The part of Library that finds the bytes behind a content id, and decides who may have them.
#include <algorithm>
#include <utility>

#include "node/library.hpp"
#include "storage/hasher.hpp"

namespace essaim::node {
namespace {

// Places looked at for one content: it may be in shares that the viewer may not fetch from, or have changed there.
constexpr std::size_t kPlacesMax = 64;

}  // namespace

std::vector<const storage::ShareRecord*> Library::visible_to(const access::Viewer& viewer) const {
  std::vector<const storage::ShareRecord*> visible;
  for (const auto& [id, share] : shares_) {
    if (share.root != nullptr && access::may_see(share.record.audience, viewer)) visible.push_back(&share.record);
  }
  std::ranges::sort(visible, {}, [](const storage::ShareRecord* record) -> const std::string& { return record->name; });
  return visible;
}

const storage::ShareRecord* Library::find_visible(const std::string& name, const access::Viewer& viewer) const {
  const auto visible = visible_to(viewer);
  const auto found = std::ranges::find_if(visible, [&](const auto* record) { return record->name == name; });
  return found == visible.end() ? nullptr : *found;
}

const storage::ShareRecord* Library::tree_share(const ContentId& id, const access::Viewer& viewer) const {
  const auto found = std::ranges::find_if(shares_, [&](const auto& entry) {
    const storage::ShareRecord& record = entry.second.record;
    return record.kind == storage::ShareKind::kFolder && record.content_id == id &&
           access::may_fetch(record.audience, viewer);
  });
  return found == shares_.end() ? nullptr : &found->second.record;
}

std::shared_ptr<const storage::ServedFile> Library::open_tree(const ContentId& id, const access::Viewer& viewer) const {
  if (tree_share(id, viewer) == nullptr) return nullptr;
  auto opened = trees_.open(id);
  return opened ? std::make_shared<const storage::ServedFile>(std::move(*opened)) : nullptr;
}

void Library::forget_served() {
  served_.clear();
  places_.clear();
}

bool Library::may_fetch(storage::ShareId id, const access::Viewer& viewer) const {
  const auto share = shares_.find(id);
  return share != shares_.end() && share->second.root != nullptr &&
         access::may_fetch(share->second.record.audience, viewer);
}

const std::vector<storage::SharedFile>& Library::places_of(const ContentId& id) {
  if (const auto known = places_.find(id); known != places_.end()) return known->second;
  if (places_.size() >= kPlacesRememberedMax) places_.clear();
  if (const Draft* draft = drafts_.find(id)) {
    std::vector<storage::SharedFile> place;
    if (draft->state != Draft::State::kChanged) place.push_back(draft->file);
    return places_.emplace(id, std::move(place)).first->second;
  }
  auto places = files().find_content(id, kPlacesMax);
  return places_.emplace(id, places ? std::move(*places) : std::vector<storage::SharedFile>()).first->second;
}

std::shared_ptr<const storage::ServedFile> Library::open_file(const ContentId& id, const access::Viewer& viewer) {
  for (const storage::SharedFile& place : places_of(id)) {
    if (!may_fetch(place.share, viewer)) continue;
    if (auto held = served_.find(id)) return held;
    const Share& share = shares_.at(place.share);
    auto opened = storage::ServedFile::open(*share.root, place.record.path, place.record.fingerprint());
    if (!opened) {
      parts_.log.debug("{}", describe(opened.error()));
      rescan_later(place.share, kRescanDelay);
      continue;
    }
    auto file = std::make_shared<const storage::ServedFile>(std::move(*opened));
    served_.put(id, file);
    return file;
  }
  return nullptr;
}

Library::Unhashed Library::unhashed(storage::ShareId share, const storage::FileRecord& record) {
  const bool file = record.kind == storage::FileKind::kFile && !record.content_id;
  const auto found = shares_.find(share);
  // A job that is not under way makes no leaves.
  if (!file || found == shares_.end() || !found->second.indexing) return {};
  return {.draft = drafts_.tell(share, record), .bytes_hashed = drafts_.bytes_hashed(share, record.path)};
}

std::uint64_t Library::bytes_hashed(storage::ShareId share) const {
  const auto found = shares_.find(share);
  return found == shares_.end() || !found->second.indexing ? 0 : found->second.bytes_hashed;
}

const Draft* Library::find_draft(const ContentId& id, const access::Viewer& viewer) const {
  const Draft* draft = drafts_.find(id);
  return draft != nullptr && may_fetch(draft->file.share, viewer) ? draft : nullptr;
}

void Library::hash_next(const Draft& draft) {
  if (indexer_) indexer_->hash_next(draft.file.share, draft.file.record.path);
}

std::optional<std::uint64_t> Library::size_of(const ContentId& id, const access::Viewer& viewer) {
  for (const storage::SharedFile& place : places_of(id)) {
    if (may_fetch(place.share, viewer)) return place.record.size;
  }
  const storage::ShareRecord* tree = tree_share(id, viewer);
  return tree == nullptr ? std::nullopt : std::optional(tree->tree_bytes);
}

std::optional<Sha256> Library::sha256_of(const ContentId& id) {
  for (const storage::SharedFile& place : places_of(id)) {
    if (place.record.sha256) return place.record.sha256;
  }
  return std::nullopt;
}

std::optional<Holding> Library::open(const ContentId& id, const access::Viewer& viewer) {
  auto file = open_file(id, viewer);
  if (file == nullptr) file = open_tree(id, viewer);
  if (file == nullptr) return std::nullopt;
  const std::uint64_t size = file->size();
  return Holding{.size = size, .reader = std::move(file)};
}

std::optional<content::Manifest> Library::manifest(const ContentId& id, const access::Viewer& viewer) {
  if (open_tree(id, viewer) != nullptr) {
    const auto opened = trees_.open(id);
    if (!opened) return std::nullopt;
    storage::HashBuffer buffer;
    auto hash = storage::hash_content(*opened, buffer, {});
    if (!hash || hash->id != id) return std::nullopt;
    return content::Manifest{.size = hash->stat.size, .leaves = std::move(hash->leaves)};
  }
  if (!size_of(id, viewer)) return std::nullopt;
  auto manifest = files().manifest_of(id);
  if (!manifest || !*manifest) return std::nullopt;
  return std::move(*manifest);
}

}  // namespace essaim::node
