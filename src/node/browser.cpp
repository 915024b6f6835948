#include "node/browser.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "base/defence.hpp"
#include "base/safe_path.hpp"
#include "content/link.hpp"
#include "node/classic_limits.hpp"
#include "node/failures.hpp"
#include "node/fan_out.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

// Characters of a peer id that stand for a peer without a name.
constexpr std::size_t kShortIdChars = 8;
constexpr std::size_t kFindPagesMax = 1000;

EntryKind kind_of(wire::EntryKind kind) {
  switch (kind) {
    case wire::EntryKind::kDirectory: return EntryKind::kDirectory;
    case wire::EntryKind::kSymlink: return EntryKind::kSymlink;
    case wire::EntryKind::kTree: return EntryKind::kTree;
    case wire::EntryKind::kFile: return EntryKind::kFile;
  }
  return EntryKind::kFile;
}

EntryView view_of(const discovery::NearPeer& peer, const wire::ListEntry& entry) {
  EntryView view{.peer_id = peer.peer_id,
                 .peer = name_of(peer),
                 .path = entry.path.text(),
                 .kind = kind_of(entry.kind),
                 .size = entry.size,
                 .mtime = entry.mtime.value_or(UnixNanos{}),
                 .id = entry.id,
                 .draft = entry.draft,
                 .bytes_hashed = entry.hashed};
  if (view.kind == EntryKind::kTree) view.files = entry.files;
  if (entry.id) {
    content::Link link{.id = *entry.id, .name = std::string(entry.path.name()), .size = entry.size};
    if (view.kind == EntryKind::kTree) {
      link.kind = content::ContentKind::kTree;
      link.tree_bytes = entry.tree_bytes;
    }
    view.link = content::format_link(link);
  }
  return view;
}

EntryView view_of(const discovery::NearPeer& peer, const wire::classic::File& file) {
  return {.peer_id = peer.peer_id, .peer = name_of(peer), .path = file.filename, .size = file.size};
}

// What could not be written under its own name is not shown either.
bool has_no_safe_name(const wire::classic::File& file) { return !SafePath::parse(file.filename); }

bool holds_all_words(std::string_view text, const std::string& words) {
  const auto lower = [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); };
  std::string low(text);
  std::string low_words(words);
  std::ranges::transform(low, low.begin(), lower);
  std::ranges::transform(low_words, low_words.begin(), lower);
  std::size_t at = 0;
  while ((at = low_words.find_first_not_of(' ', at)) != std::string::npos) {
    const std::size_t end = std::min(low_words.find(' ', at), low_words.size());
    if (low.find(low_words.substr(at, end - at)) == std::string::npos) return false;
    at = end;
  }
  return true;
}

Failure not_answering(const discovery::NearPeer& peer, std::string_view why) {
  return {FailureCode::kFailed,
          name_of(peer) + " is near but cannot be reached: " + std::string(why) + ". `essaim doctor` may tell why."};
}

Failure failure_of(const discovery::NearPeer& peer, const AskFailure& failure) {
  switch (failure.kind) {
    case AskFailure::Kind::kClosed: return not_answering(peer, "the connection ended");
    case AskFailure::Kind::kTimeout: return not_answering(peer, "it does not answer");
    case AskFailure::Kind::kRefused: break;
  }
  if (failure.code == wire::ErrorCode::kNotFound) {
    return {FailureCode::kNotFound, name_of(peer) + " shares nothing of that name with you."};
  }
  return {FailureCode::kFailed, name_of(peer) + " answered: " + std::string(wire::to_text(failure.code)) + "."};
}

Failure not_the_one_known(const discovery::NearPeer& peer, const PeerId& owner) {
  return {
      FailureCode::kRefused,
      fmt::format("The \"{}\" that is near is not the one known by that name: its key is {}, not {}. Somebody may be "
                  "posing as it. If it has a new key for a good reason, `essaim forget {}` gives the name free; to "
                  "mean this one all the same, use its id.",
                  peer.name, peer.peer_id.text, owner.text, owner.text)};
}

std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::string name_of(const discovery::NearPeer& peer) {
  return peer.name.empty() ? peer.peer_id.text.substr(0, kShortIdChars) : peer.name;
}

asio::awaitable<void> Browser::pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(parts_.control, time);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

std::vector<discovery::NearPeer> Browser::online_peers() const {
  auto peers = parts_.neighbourhood.table().all();
  std::erase_if(peers, [](const discovery::NearPeer& peer) { return !peer.online; });
  return peers;
}

Answer<discovery::NearPeer> Browser::find_peer(std::string text, std::chrono::milliseconds wait) {
  if (text.starts_with(kPeerScheme)) text.erase(0, kPeerScheme.size());
  const auto give_up = std::chrono::steady_clock::now() + wait;
  while (true) {
    std::vector<discovery::NearPeer> fitting;
    std::optional<Failure> posing;
    for (const discovery::NearPeer& peer : parts_.neighbourhood.table().all()) {
      if (peer.peer_id.text == text) co_return peer;
      if (!peer.online) continue;
      if (const auto owner = parts_.acquaintances.known_by_name(peer.peer_id, peer.name); owner && peer.name == text) {
        posing = not_the_one_known(peer, *owner);
      } else if (peer.name == text || peer.peer_id.text.starts_with(text)) {
        fitting.push_back(peer);
      }
    }
    if (fitting.size() == 1) co_return fitting.front();
    if (fitting.size() > 1) {
      co_return fail_with(FailureCode::kAmbiguous,
                          "Several peers nearby are called \"" + text +
                              "\". Use the id of the one you mean: `essaim peers` shows them.");
    }
    if (posing) co_return fail(std::move(*posing));
    if (std::chrono::steady_clock::now() >= give_up) break;
    parts_.neighbourhood.look_around();
    co_await pause(kLookAgainInterval);
  }
  co_return fail_with(FailureCode::kNotFound, "No peer called \"" + text +
                                                  "\" is near. `essaim peers` lists who is; `essaim doctor` helps when "
                                                  "somebody is missing.");
}

asio::awaitable<Expected<SessionId, transport::NetError>> Browser::session_with(PeerId peer) {
  if (const Session* session = parts_.sessions.find_peer(peer)) co_return session->id;
  co_return co_await parts_.sessions.connect(peer, parts_.neighbourhood.table().addresses_to_dial(peer));
}

Answer<EntryPage> Browser::list(ListRequest request) {
  auto peer = co_await find_peer(request.peer, kPeerWaitMax);
  if (!peer) co_return fail(peer.error());
  co_return co_await list_peer(*peer, std::move(request.path), std::move(request.cursor));
}

Answer<EntryPage> Browser::list_peer(discovery::NearPeer peer, std::string path, std::optional<std::string> cursor) {
  if (peer.level == wire::Level::kClassic) co_return co_await list_classic(std::move(peer));
  wire::FileListRequest question{.cursor = std::move(cursor)};
  if (!path.empty()) {
    auto safe = SafePath::parse(path);
    if (!safe)
      co_return fail_with(FailureCode::kUsage, "\"" + path + "\": " + std::string(to_string(safe.error())) + ".");
    question.path = std::move(*safe);
  }
  const bool first_page_of_shares = !question.path && !question.cursor;
  const auto session = co_await session_with(peer.peer_id);
  if (!session) co_return fail(not_answering(peer, to_string(session.error())));
  auto asking = parts_.sessions.ask(*session, std::move(question), kAnswerTimeMax);
  auto reply = co_await std::move(asking);
  if (!reply) co_return fail(failure_of(peer, reply.error()));
  const auto* answer = std::get_if<wire::FileListResponse>(&reply->envelope.message);
  if (answer == nullptr) co_return fail(not_answering(peer, "its answer makes no sense"));
  EntryPage page{.entries = {}, .cursor = answer->cursor};
  for (const wire::ListEntry& entry : answer->entries) page.entries.push_back(view_of(peer, entry));
  if (first_page_of_shares && !page.cursor) shares_seen_[peer.peer_id] = page.entries.size();
  co_return page;
}

Answer<EntryPage> Browser::list_classic(discovery::NearPeer peer) {
  if (peer.addresses.list().empty()) co_return fail(not_answering(peer, "its address is not known"));
  auto errand = parts_.classic.list(peer.addresses.list().front().endpoint);
  auto files = co_await std::move(errand);
  if (!files) co_return fail(files.error());
  std::erase_if(*files, has_no_safe_name);
  EntryPage page;
  for (const wire::classic::File& file : *files) page.entries.push_back(view_of(peer, file));
  put_classic_files(peer.peer_id, std::move(*files));
  co_return page;
}

Answer<std::vector<EntryView>> Browser::search(SearchRequest request) {
  const auto found = std::make_shared<std::vector<EntryView>>();
  std::vector<asio::awaitable<void>> tasks;
  for (const discovery::NearPeer& peer : online_peers()) tasks.push_back(search_peer(peer, request.words, found));
  co_await fan_out(parts_.control, std::move(tasks), request.wait);
  std::vector<EntryView> entries = *found;
  std::ranges::sort(entries, [](const EntryView& a, const EntryView& b) {
    return std::tie(a.peer, a.peer_id, a.path) < std::tie(b.peer, b.peer_id, b.path);
  });
  co_return entries;
}

asio::awaitable<void> Browser::search_peer(discovery::NearPeer peer, std::string words, Entries into) {
  if (peer.level == wire::Level::kClassic) {
    auto page = co_await list_classic(peer);
    if (!page) co_return;
    for (EntryView& entry : page->entries) {
      if (holds_all_words(entry.path, words)) into->push_back(std::move(entry));
    }
    co_return;
  }
  const auto session = co_await session_with(peer.peer_id);
  if (!session) co_return;
  auto asking = parts_.sessions.ask(*session, wire::Search{.words = std::move(words)}, kAnswerTimeMax);
  const auto reply = co_await std::move(asking);
  if (!reply) co_return;
  if (const auto* answer = std::get_if<wire::SearchResult>(&reply->envelope.message)) {
    for (const wire::ListEntry& entry : answer->entries) into->push_back(view_of(peer, entry));
  }
}

asio::awaitable<void> Browser::list_into(discovery::NearPeer peer, Entries into) {
  auto page = co_await list_peer(peer, "", std::nullopt);
  if (page) into->insert(into->end(), page->entries.begin(), page->entries.end());
}

asio::awaitable<std::vector<EntryView>> Browser::find_name(std::string name) {
  if (parts_.neighbourhood.table().online() == 0) parts_.neighbourhood.look_around();
  const auto found = std::make_shared<std::vector<EntryView>>();
  std::vector<asio::awaitable<void>> tasks;
  for (const discovery::NearPeer& peer : online_peers()) tasks.push_back(list_into(peer, found));
  co_await fan_out(parts_.control, std::move(tasks), kPeerWaitMax);
  std::vector<EntryView> shares = *found;
  std::erase_if(shares, [&](const EntryView& entry) { return entry.path != name; });
  if (!shares.empty()) co_return shares;

  auto search_for = search({.words = name, .wait = kPeerWaitMax});
  auto files = co_await std::move(search_for);
  if (!files) co_return std::vector<EntryView>();
  std::erase_if(*files, [&](const EntryView& entry) { return last_part(entry.path) != name; });
  co_return std::move(*files);
}

Answer<EntryView> Browser::find_path(discovery::NearPeer peer, std::string path) {
  const std::size_t slash = path.rfind('/');
  const bool classic = peer.level == wire::Level::kClassic;
  const std::string folder = slash == std::string::npos || classic ? "" : path.substr(0, slash);
  std::optional<std::string> cursor;
  for (std::size_t pages = 0; pages < kFindPagesMax; ++pages) {
    auto page = co_await list_peer(peer, folder, cursor);
    if (!page) co_return fail(page.error());
    for (EntryView& entry : page->entries) {
      if (entry.path == path) co_return std::move(entry);
    }
    cursor = page->cursor;
    if (!cursor) break;
  }
  co_return fail_with(FailureCode::kNotFound, name_of(peer) + " shares no \"" + path + "\". `essaim ls " +
                                                  name_of(peer) + "` lists what it does share.");
}

asio::awaitable<std::vector<SessionId>> Browser::holders_of(ContentId id) {
  if (parts_.neighbourhood.table().online() == 0) parts_.neighbourhood.look_around();
  const auto holders = std::make_shared<std::vector<SessionId>>();
  std::vector<asio::awaitable<void>> tasks;
  for (const discovery::NearPeer& peer : online_peers()) {
    if (peer.level == wire::Level::kPeer) tasks.push_back(find_into(peer.peer_id, id, holders));
  }
  co_await fan_out(parts_.control, std::move(tasks), kPeerWaitMax);
  co_return *holders;
}

asio::awaitable<void> Browser::meet_everyone(std::function<void(SessionId)> meet) {
  if (parts_.neighbourhood.table().online() == 0) parts_.neighbourhood.look_around();
  const auto meet_one = [](Browser& browser, PeerId peer, auto met) -> asio::awaitable<void> {
    const auto session = co_await browser.session_with(std::move(peer));
    if (session) met(*session);
  };
  std::vector<asio::awaitable<void>> tasks;
  for (const discovery::NearPeer& peer : online_peers()) {
    if (peer.level == wire::Level::kPeer) tasks.push_back(meet_one(*this, peer.peer_id, meet));
  }
  co_await fan_out(parts_.control, std::move(tasks), kPeerWaitMax);
}

asio::awaitable<void> Browser::find_into(PeerId peer, ContentId id, std::shared_ptr<std::vector<SessionId>> into) {
  const auto session = co_await session_with(std::move(peer));
  if (!session) co_return;
  wire::Find question;
  question.file_ids.push_back(id);
  auto asking = parts_.sessions.ask(*session, std::move(question), kAnswerTimeMax);
  const auto reply = co_await std::move(asking);
  if (!reply) co_return;
  const auto* found = std::get_if<wire::Found>(&reply->envelope.message);
  if (found == nullptr) co_return;
  const bool whole = std::ranges::any_of(found->entries, [&](const wire::FoundEntry& entry) {
    return entry.file_id == id && entry.kind == wire::Holding::kComplete;
  });
  if (whole) into->push_back(*session);
}

asio::awaitable<std::optional<std::uint64_t>> Browser::claimed_size(ContentId id, SessionId holder) {
  auto asking = parts_.sessions.ask(holder, wire::ManifestRequest{id, 0, 1}, kAnswerTimeMax);
  const auto reply = co_await std::move(asking);
  if (!reply) co_return std::nullopt;
  const auto* data = std::get_if<wire::ManifestData>(&reply->envelope.message);
  if (data == nullptr) co_return std::nullopt;
  co_return data->size;
}

asio::awaitable<std::vector<ClassicSource>> Browser::classic_holders(std::uint64_t size, Sha256 hash) {
  std::vector<ClassicSource> holders;
  for (const discovery::NearPeer& peer : online_peers()) {
    if (peer.level != wire::Level::kClassic) continue;
    if (classic_files(peer.peer_id) == nullptr) {
      auto listing = list_classic(peer);
      if (const auto listed = co_await std::move(listing); !listed) continue;
    }
    const auto* const files = classic_files(peer.peer_id);
    const auto address = address_of(peer.peer_id);
    if (files == nullptr || !address) continue;
    const auto file = std::ranges::find_if(*files, [&](const wire::classic::File& each) {
      return each.size == size && each.hash == hash && ClassicFeed::fits(each);
    });
    if (file != files->end()) holders.push_back({.peer = peer.peer_id, .endpoint = *address, .file = *file});
  }
  co_return holders;
}

const std::vector<wire::classic::File>* Browser::classic_files(const PeerId& peer) const {
  const auto found = classic_files_.find(peer);
  return found == classic_files_.end() ? nullptr : &found->second;
}

void Browser::put_classic_files(const PeerId& peer, std::vector<wire::classic::File> files) {
  if (parts_.neighbourhood.table().find(peer) == nullptr) return;  // a list of nobody known would only cost memory
  std::erase_if(files, has_no_safe_name);
  shares_seen_[peer] = files.size();
  classic_files_[peer] = std::move(files);
  drop_long_lists();
}

// The longest goes first, so that long lists cost the peers with short ones nothing. It is asked for again when needed.
void Browser::drop_long_lists() {
  const auto bytes_of = [](const auto& entry) {
    std::size_t bytes = 0;
    for (const auto& file : entry.second) bytes += sizeof file + file.file_id.size() + file.filename.size();
    return bytes;
  };
  std::size_t kept = 0;
  for (const auto& list : classic_files_) kept += bytes_of(list);
  while (defended(Defence::kClassicListsKept) && kept > kClassicListsBytesMax) {
    const auto longest = std::ranges::max_element(classic_files_, {}, bytes_of);
    kept -= bytes_of(*longest);
    classic_files_.erase(longest);
  }
}

void Browser::forget(const PeerId& peer) {
  classic_files_.erase(peer);
  shares_seen_.erase(peer);
}

std::optional<Endpoint> Browser::address_of(const PeerId& peer) const {
  const auto addresses = parts_.neighbourhood.table().addresses_to_dial(peer);
  return addresses.empty() ? std::nullopt : std::optional(addresses.front());
}

std::string Browser::name_of_peer(const PeerId& peer) const {
  const discovery::NearPeer* known = parts_.neighbourhood.table().find(peer);
  return known == nullptr ? peer.text.substr(0, kShortIdChars) : name_of(*known);
}

std::optional<std::uint64_t> Browser::shares_seen(const PeerId& peer) const {
  const auto found = shares_seen_.find(peer);
  return found == shares_seen_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace essaim::node
