#include "node/peer_server.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "storage/part_name.hpp"

namespace essaim::node {
namespace {

wire::EntryKind kind_of(storage::FileKind kind) {
  switch (kind) {
    case storage::FileKind::kDirectory: return wire::EntryKind::kDirectory;
    case storage::FileKind::kSymlink: return wire::EntryKind::kSymlink;
    default: return wire::EntryKind::kFile;
  }
}

std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size() && words.size() < storage::kSearchWordsMax) {
    const std::size_t begin = text.find_first_not_of(' ', at);
    if (begin == std::string::npos) break;
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    at = end;
  }
  return words;
}

// The share that a path begins with, and the rest of the path.
struct Inside {
  std::string share;
  std::string rest;
};
Inside split_path(const SafePath& path) {
  const std::string& text = path.text();
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return {text, {}};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

// Cuts a page to what one frame can carry and names the entry to go on after.
template <class Page>
void cut_to_frame(Page& page) {
  const std::size_t fitting = wire::entries_that_fit(page.entries);
  if (fitting == page.entries.size()) return;
  page.entries.erase(page.entries.begin() + static_cast<std::ptrdiff_t>(fitting), page.entries.end());
}

void send_leaves(const Session& session, std::uint64_t id, const wire::ManifestData& data, ByteView leaves) {
  Bytes frame = wire::encode_message({.id = id, .payload_bytes = leaves.size(), .message = data});
  frame.insert(frame.end(), leaves.begin(), leaves.end());
  session.link->send(std::move(frame));
}

}  // namespace

std::optional<wire::ListEntry> list_entry_of(const storage::ShareRecord& share) {
  auto path = SafePath::parse(share.name);
  if (!path) return std::nullopt;
  const bool folder = share.kind == storage::ShareKind::kFolder;
  return wire::ListEntry{.path = std::move(*path),
                         .kind = folder ? wire::EntryKind::kTree : wire::EntryKind::kFile,
                         .size = share.total_bytes,
                         .mtime = std::nullopt,
                         .id = share.content_id,
                         .files = folder ? share.files : 0,
                         .tree_bytes = share.tree_bytes};
}

std::optional<wire::ListEntry> list_entry_of(const storage::ShareRecord& share, const storage::FileRecord& record) {
  auto path = SafePath::parse(record.path.empty() ? share.name : share.name + "/" + record.path);
  if (!path) return std::nullopt;
  return wire::ListEntry{.path = std::move(*path),
                         .kind = kind_of(record.kind),
                         .size = record.size,
                         .mtime = record.mtime,
                         .id = record.content_id};
}

bool PeerServer::on_message(const Session& session, const wire::Envelope& envelope) {
  const wire::Message& message = envelope.message;
  const bool question =
      std::holds_alternative<wire::FileListRequest>(message) || std::holds_alternative<wire::Search>(message) ||
      std::holds_alternative<wire::ManifestRequest>(message) || std::holds_alternative<wire::ChunkRequest>(message) ||
      std::holds_alternative<wire::Find>(message);
  if (!question) return false;
  const std::uint64_t id = envelope.id.value_or(0);
  if (session.link->is_behind()) {
    ++put_off_;
    refuse(session, id, wire::ErrorCode::kBusy);
    return true;
  }
  std::visit([&](const auto& request) { answer(session, id, request); }, message);
  return true;
}

void PeerServer::answer(const Session& session, std::uint64_t id, const wire::FileListRequest& request) {
  if (request.path) return list_folder(session, id, request);
  reply(session, id, list_shares(parts_.viewer_of(session), request));
}

wire::FileListResponse PeerServer::list_shares(const access::Viewer& viewer, const wire::FileListRequest& request) {
  wire::FileListResponse page;
  const auto shares = parts_.shared.visible_to(viewer);
  for (const storage::ShareRecord* share : shares) {
    if (request.cursor && share->name <= *request.cursor) continue;
    if (page.entries.size() == request.limit) break;
    auto entry = list_entry_of(*share);
    if (entry && share->kind == storage::ShareKind::kFolder && !entry->id) {
      entry->hashed = parts_.shared.bytes_hashed(share->id);
    }
    // Of a shared file the index knows more, and earlier.
    if (entry && share->kind == storage::ShareKind::kFile) {
      if (const auto record = parts_.shared.files().find({share->id, ""}); record && *record) {
        entry->mtime = (*record)->mtime;
        entry->size = (*record)->size;
        entry->id = (*record)->content_id;
        describe_unhashed(*entry, *share, **record);
      }
    }
    if (entry) page.entries.push_back(std::move(*entry));
  }
  cut_to_frame(page);
  const bool more = !page.entries.empty() && page.entries.back().path.text() != shares.back()->name;
  if (more) page.cursor = page.entries.back().path.text();
  return page;
}

void PeerServer::list_folder(const Session& session, std::uint64_t id, const wire::FileListRequest& request) {
  const Inside inside = split_path(*request.path);
  const storage::ShareRecord* share = parts_.shared.find_visible(inside.share, parts_.viewer_of(session));
  if (share == nullptr || share->kind == storage::ShareKind::kFile) {
    return refuse(session, id, wire::ErrorCode::kNotFound);
  }
  if (!inside.rest.empty()) {
    const auto folder = parts_.shared.files().find({share->id, inside.rest});
    const bool is_folder = folder && *folder && (*folder)->kind == storage::FileKind::kDirectory;
    if (!is_folder) return refuse(session, id, wire::ErrorCode::kNotFound);
  }
  const std::size_t limit = std::min<std::size_t>(request.limit, wire::kListPageEntriesMax);
  const auto records = parts_.shared.files().list_folder(
      {.share = share->id, .folder = inside.rest, .after = request.cursor.value_or(""), .limit = limit});
  if (!records) return refuse(session, id, wire::ErrorCode::kInternal);
  wire::FileListResponse page;
  for (const storage::FileRecord& record : *records) {
    auto entry = list_entry_of(*share, record);
    if (!entry) continue;
    describe_unhashed(*entry, *share, record);
    page.entries.push_back(std::move(*entry));
  }
  cut_to_frame(page);
  const bool more = records->size() == limit || page.entries.size() < records->size();
  if (more && !page.entries.empty()) page.cursor = std::string(page.entries.back().path.name());
  reply(session, id, std::move(page));
}

void PeerServer::answer(const Session& session, std::uint64_t id, const wire::Search& request) {
  std::vector<storage::ShareId> shares;
  std::map<storage::ShareId, const storage::ShareRecord*> by_id;
  for (const storage::ShareRecord* share : parts_.shared.visible_to(parts_.viewer_of(session))) {
    shares.push_back(share->id);
    by_id.emplace(share->id, share);
  }
  const std::vector<std::string> words = split_words(request.words);
  const std::size_t limit = std::min<std::size_t>(request.limit, wire::kSearchResultsMax);
  wire::SearchResult result;
  if (words.empty()) return reply(session, id, std::move(result));
  const auto found = parts_.shared.files().search(words, shares, limit + 1);
  if (!found) return refuse(session, id, wire::ErrorCode::kInternal);
  for (const storage::SharedFile& file : *found) {
    auto entry = list_entry_of(*by_id.at(file.share), file.record);
    if (!entry) continue;
    describe_unhashed(*entry, *by_id.at(file.share), file.record);
    result.entries.push_back(std::move(*entry));
  }
  const std::size_t all = result.entries.size();
  if (all > limit)
    result.entries.erase(result.entries.begin() + static_cast<std::ptrdiff_t>(limit), result.entries.end());
  cut_to_frame(result);
  result.truncated = result.entries.size() < all;
  reply(session, id, std::move(result));
}

void PeerServer::answer(const Session& session, std::uint64_t id, const wire::ManifestRequest& request) {
  const access::Viewer viewer = parts_.viewer_of(session);
  if (const Draft* draft = parts_.shared.find_draft(request.file_id, viewer)) {
    return answer_draft(session, id, request, *draft);
  }
  const auto manifest = parts_.contents.manifest(request.file_id, viewer);
  if (!manifest) return refuse(session, id, wire::ErrorCode::kNotFound);
  const std::uint64_t total = manifest->leaves.size();
  if (request.first >= total) return refuse(session, id, wire::ErrorCode::kBadRequest);
  const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(request.count, total - request.first));
  const auto leaves = content::leaf_range(*manifest, content::ChunkIndex{request.first}, count);
  if (!leaves) return refuse(session, id, wire::ErrorCode::kBadRequest);
  send_leaves(session, id, {request.file_id, request.first, count, manifest->size}, *leaves);
}

// At once, with what is there: who asks asks again. The last leaf waits for the content id, which says that the file
// has stayed as it was.
void PeerServer::answer_draft(const Session& session, std::uint64_t id, const wire::ManifestRequest& request,
                              const Draft& draft) {
  const auto plan = content::plan_for(draft.file.record.size);
  if (draft.state == Draft::State::kChanged) return refuse(session, id, wire::ErrorCode::kChanged);
  if (!plan || request.first >= plan->chunks) return refuse(session, id, wire::ErrorCode::kBadRequest);
  wire::ManifestData data{request.file_id, request.first, 0, plan->size};
  Bytes leaves;
  if (draft.state == Draft::State::kHashed) {
    const auto manifest = parts_.shared.manifest(*draft.content_id, parts_.viewer_of(session));
    if (!manifest) return refuse(session, id, wire::ErrorCode::kChanged);
    data.count = std::min(request.count, plan->chunks - request.first);
    const auto range = content::leaf_range(*manifest, content::ChunkIndex{data.first}, data.count);
    if (!range) return refuse(session, id, wire::ErrorCode::kInternal);
    leaves.assign(range->begin(), range->end());
    if (data.first + data.count == plan->chunks) data.content_id = draft.content_id;
  } else {
    const std::uint32_t end = std::min(draft.known, plan->chunks - 1);
    if (end > data.first) data.count = std::min(request.count, end - data.first);
    for (std::uint32_t i = 0; i < data.count; ++i) {
      const ByteView leaf = draft.leaves[data.first + i]->view();
      leaves.insert(leaves.end(), leaf.begin(), leaf.end());
    }
    parts_.shared.hash_next(draft);
  }
  send_leaves(session, id, data, leaves);
}

void PeerServer::describe_unhashed(wire::ListEntry& entry, const storage::ShareRecord& share,
                                   const storage::FileRecord& record) {
  const Library::Unhashed unhashed = parts_.shared.unhashed(share.id, record);
  entry.draft = unhashed.draft;
  entry.hashed = unhashed.bytes_hashed;
}

void PeerServer::answer(const Session& session, std::uint64_t id, const wire::ChunkRequest& request) {
  parts_.uploads.on_request(session, id, request);
}

void PeerServer::answer(const Session& session, std::uint64_t id, const wire::Find& request) {
  const access::Viewer viewer = parts_.viewer_of(session);
  wire::Found found;
  for (const ContentId& content : request.file_ids) {
    if (const auto held = parts_.contents.find(content, viewer)) found.entries.push_back(*held);
  }
  const std::vector<wire::FoundEntry> held = found.entries;
  reply(session, id, std::move(found));
  if (!request.follow || viewer.trust == access::Trust::kBlocked) return;
  for (const ContentId& content : request.file_ids) {
    parts_.fetches.follow(session.id, content);
    const bool here = std::ranges::find(held, content, &wire::FoundEntry::file_id) != held.end();
    if (here || parts_.fetches.is_fetching(content)) introduce(session, content);
  }
}

// Those who fetch the same are told of each other: they need not hear each other's announcements.
void PeerServer::introduce(const Session& newcomer, const ContentId& content) {
  const auto peer_of = [](const Session& session) {
    return wire::SwarmPeer{session.peer, {Endpoint{session.remote.address, session.hello.port}}};
  };
  wire::Swarm others{.file_id = content, .peers = {}};
  for (const SessionId id : swarms_.add(content, newcomer.id)) {
    const Session* const other = parts_.sessions.find(id);
    if (other == nullptr || other->peer == newcomer.peer) continue;
    others.peers.push_back(peer_of(*other));
    parts_.sessions.send(id, {.message = wire::Swarm{.file_id = content, .peers = {peer_of(newcomer)}}});
  }
  if (!others.peers.empty()) parts_.sessions.send(newcomer.id, {.message = std::move(others)});
}

void PeerServer::reply(const Session& session, std::uint64_t id, wire::Message message) {
  parts_.sessions.send(session.id, {.id = id, .payload_bytes = 0, .message = std::move(message)});
}

void PeerServer::refuse(const Session& session, std::uint64_t id, wire::ErrorCode code) {
  const std::string sentence = code == wire::ErrorCode::kNotFound     ? "nothing of that name or id is shared with you"
                               : code == wire::ErrorCode::kBadRequest ? "that is more than there is"
                               : code == wire::ErrorCode::kChanged    ? "the file has changed since it was shown"
                               : code == wire::ErrorCode::kBusy       ? "take the answers to your other questions first"
                                                                      : "the catalogue cannot be read now";
  reply(session, id, wire::Error{code, sentence});
}

}  // namespace essaim::node
