#include "node/fetches.hpp"

#include <algorithm>
#include <utility>

namespace essaim::node {

FetchId Fetches::add(std::shared_ptr<Fetch> fetch) {
  const FetchId id{++last_id_};
  const ContentId root = fetch->root();
  const auto& added = fetches_.emplace(id, std::move(fetch)).first->second;
  for (const auto& [session, followed] : follows_) {
    if (!followed.contains(root)) continue;
    added->follow(session);
    added->meet(session);
  }
  return id;
}

void Fetches::on_chunks(const std::vector<ChunkOutcome>& outcomes) {
  std::map<FetchId, std::vector<ChunkOutcome>> by_fetch;
  for (const ChunkOutcome& outcome : outcomes) {
    if (!outcome.failure) bytes_received_ += outcome.bytes;
    by_fetch[outcome.fetch].push_back(outcome);
  }
  for (const auto& [id, batch] : by_fetch) {
    if (const auto fetch = fetches_.find(id); fetch != fetches_.end()) fetch->second->on_chunks(batch);
  }
}

void Fetches::on_have(const Session& session, const wire::Have& have, ByteView payload) {
  for (const auto& [id, fetch] : fetches_) fetch->on_have(session, have, payload);
}

void Fetches::on_session_closed(SessionId session) {
  follows_.erase(session);
  for (const auto& [id, fetch] : fetches_) fetch->on_session_closed(session);
}

void Fetches::follow(SessionId session, const ContentId& root) {
  auto& followed = follows_[session];
  if (followed.size() < kFollowsPerSessionMax) followed.insert(root);
  for (const auto& [id, fetch] : fetches_) {
    if (fetch->root() != root) continue;
    fetch->follow(session);
    fetch->meet(session);
  }
}

void Fetches::meet(SessionId session, const ContentId& root) {
  for (const auto& [id, fetch] : fetches_) {
    if (fetch->root() == root) fetch->meet(session);
  }
}

bool Fetches::is_fetching(const ContentId& root) const {
  return std::ranges::any_of(fetches_, [&](const auto& entry) { return entry.second->root() == root; });
}

std::shared_ptr<Fetch> Fetches::find(const ContentId& id) const {
  const auto gets = [&id](const auto& entry) { return !entry.second->has_ended() && entry.second->item_of(id); };
  const auto has = [&id](const auto& entry) {
    const auto item = entry.second->item_of(id);
    return item && entry.second->is_whole(*item);
  };
  auto found = std::ranges::find_if(fetches_, has);
  if (found == fetches_.end()) found = std::ranges::find_if(fetches_, gets);
  return found == fetches_.end() ? nullptr : found->second;
}

std::vector<Fetches::Part> Fetches::parts(const ContentId& id, const access::Viewer& viewer) const {
  std::vector<Part> parts;
  if (!access::may_fetch({.kind = access::Audience::Kind::kUnlisted}, viewer)) return parts;
  for (const auto& [number, fetch] : fetches_) {
    if (const auto item = fetch->item_of(id)) parts.push_back({fetch.get(), *item});
  }
  return parts;
}

std::optional<std::uint64_t> Fetches::size_of(const ContentId& id, const access::Viewer& viewer) const {
  const auto all = parts(id, viewer);
  if (all.empty()) return std::nullopt;
  return all.front().fetch->download().item(all.front().item).size;
}

bool Fetches::has(const ContentId& id, content::ChunkIndex chunk, const access::Viewer& viewer) const {
  return std::ranges::any_of(parts(id, viewer),
                             [&](const Part& part) { return part.fetch->holds({part.item, chunk}); });
}

std::optional<Holding> Fetches::open(const ContentId& id, content::ChunkIndex chunk,
                                     const access::Viewer& viewer) const {
  for (const Part& part : parts(id, viewer)) {
    if (!part.fetch->holds({part.item, chunk})) continue;
    auto reader = part.fetch->reader_of(part.item);
    if (reader) return Holding{.size = part.fetch->download().item(part.item).size, .reader = std::move(*reader)};
  }
  return std::nullopt;
}

std::uint32_t Fetches::chunks_held(const ContentId& id, const access::Viewer& viewer) const {
  std::uint32_t most = 0;
  for (const Part& part : parts(id, viewer)) most = std::max(most, part.fetch->chunks_held(part.item));
  return most;
}

std::optional<content::Manifest> Fetches::manifest(const ContentId& id, const access::Viewer& viewer) const {
  for (const Part& part : parts(id, viewer)) {
    if (auto manifest = part.fetch->manifest_of(part.item)) return manifest;
  }
  return std::nullopt;
}

}  // namespace essaim::node
