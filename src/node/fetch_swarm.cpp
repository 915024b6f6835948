// The part of Fetch that deals with the others of its swarm: who holds what, and what they are told.
#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "node/classic_limits.hpp"
#include "node/fetch.hpp"
#include "transport/clock.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kFoundTimeMax{10};

swarm::FollowerId follower_of(SessionId session) { return swarm::FollowerId{static_cast<std::uint64_t>(session)}; }

}  // namespace

void Fetch::meet(SessionId session) {
  const bool known = source_of_.contains(session) || dropped_.contains(session);
  if (end_ || known || !asked_.insert(session).second) return;
  asio::co_spawn(parts_.control, ask_holding(session), asio::detached);
}

asio::awaitable<void> Fetch::ask_holding(SessionId session) {
  const auto self = shared_from_this();
  auto asking = parts_.sessions.ask(session, wire::Find{.file_ids = {root()}, .follow = true}, kFoundTimeMax);
  const auto reply = co_await std::move(asking);
  // A peer that has nothing is asked again when the others are looked for again: it need not tell when it begins.
  asked_.erase(session);
  const Session* const peer = parts_.sessions.find(session);
  const auto* found = reply ? std::get_if<wire::Found>(&reply->envelope.message) : nullptr;
  if (end_ || peer == nullptr || found == nullptr) co_return;
  if (is_owner(session) && found->entries.empty()) on_draft_refused(swarm::FailReason::kNotFound);
  for (const wire::FoundEntry& entry : found->entries) {
    if (entry.file_id != root()) continue;
    const bool whole = entry.kind == wire::Holding::kComplete;
    add_source(*peer, whole ? swarm::Claim::kAll : swarm::Claim::kNone);
    if (entry.sha256 && parts_.on_sha256) parts_.on_sha256(*entry.sha256);
  }
}

void Fetch::add_feed(const PeerId& peer, std::shared_ptr<ClassicFeed> feed) {
  if (end_) return;
  const swarm::SourceId source{static_cast<std::uint32_t>(peer_of_.size())};
  const SessionId name = parts_.sessions.new_id();
  peer_of_.push_back(peer);
  session_of_.emplace_back(name);
  source_of_.emplace(name, source);
  feeds_.emplace(name, std::move(feed));
  const swarm::SourceTraits traits{
      .claim = swarm::Claim::kAll, .manifests = swarm::Manifests::kNone, .requests_max = kClassicChunksAhead};
  download_.on_source_added(source, traits, transport::now());
  schedule_pump();
}

bool Fetch::has_fed_from(const PeerId& peer) const { return std::ranges::find(peer_of_, peer) != peer_of_.end(); }

swarm::SourceId Fetch::add_source(const Session& session, swarm::Claim claim) {
  if (const auto known = source_of_.find(session.id); known != source_of_.end()) {
    if (claim == swarm::Claim::kAll) take_whole(known->second);
    return known->second;
  }
  // A peer that comes back gets the number it had, so that a liar does not lose its record by reconnecting.
  std::size_t number = 0;
  while (number < peer_of_.size() && (peer_of_[number] != session.peer || session_of_[number])) ++number;
  if (number == peer_of_.size()) {
    peer_of_.push_back(session.peer);
    session_of_.emplace_back();
  }
  const swarm::SourceId source{static_cast<std::uint32_t>(number)};
  session_of_[number] = session.id;
  source_of_.emplace(session.id, source);
  const bool knows_leaves = !is_draft() || is_owner(session.id);
  const auto manifests = knows_leaves ? swarm::Manifests::kGives : swarm::Manifests::kNone;
  download_.on_source_added(source, {.claim = claim, .manifests = manifests}, transport::now());
  schedule_pump();
  return source;
}

void Fetch::take_whole(swarm::SourceId source) {
  for (const auto& [id, item] : item_of_) download_.on_have_whole(source, item, transport::now());
  schedule_pump();
}

void Fetch::on_have(const Session& session, const wire::Have& have, ByteView payload) {
  const bool about_files = have.kind == wire::HaveKind::kAllFiles || have.kind == wire::HaveKind::kFiles ||
                           have.kind == wire::HaveKind::kFilesBitfield;
  const auto item = item_of(have.file_id);
  const bool ours =
      about_files ? have.file_id == root() && parts_.scope.kind == SwarmScope::Kind::kFiles : item.has_value();
  if (end_ || !ours || dropped_.contains(session.id)) return;
  const swarm::SourceId source = add_source(session, swarm::Claim::kNone);
  schedule_pump();
  if (have.kind == wire::HaveKind::kAllFiles) return take_whole(source);
  if (about_files) {
    for (const std::uint32_t number : numbers_told(have, payload, parts_.scope.numbers_total)) {
      const auto file = item_of_number(parts_.scope, number);
      if (file) download_.on_have_whole(source, *file, transport::now());
    }
    return;
  }
  if (have.kind == wire::HaveKind::kComplete) return download_.on_have_whole(source, *item, transport::now());
  const auto plan = content::plan_for(download_.item(*item).size);
  std::vector<content::ChunkIndex> chunks;
  for (const std::uint32_t number : numbers_told(have, payload, plan->chunks)) {
    chunks.push_back(content::ChunkIndex{number});
  }
  download_.on_have(source, *item, chunks, transport::now());
}

void Fetch::follow(SessionId session) {
  feed_.follow(follower_of(session));
  tell_followers();
}

void Fetch::tell_followers() {
  const auto id_of = [this](swarm::ItemIndex item) { return download_.item(item).id; };
  for (const swarm::HaveDelivery& delivery : feed_.take(transport::now())) {
    for (const swarm::HaveNews& news : delivery.news) {
      for (const Bytes& frame : have_frames(parts_.scope, news, id_of)) {
        for (const swarm::FollowerId to : delivery.to) {
          const Session* const session = parts_.sessions.find(SessionId{static_cast<std::uint64_t>(to)});
          if (session != nullptr) session->link->send(frame);
        }
      }
    }
  }
  const auto next = feed_.next_deadline();
  if (!next) return;
  tell_timer_.expires_at(transport::to_steady(*next));
  tell_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self != nullptr) self->tell_followers();
  });
}

std::optional<swarm::ItemIndex> Fetch::item_of(const ContentId& id) const {
  const auto found = item_of_.find(id);
  return found == item_of_.end() ? std::nullopt : std::optional(found->second);
}

bool Fetch::holds(swarm::ChunkRef chunk) const {
  const auto plan = content::plan_for(download_.item(chunk.item).size);
  return plan && plan->has(chunk.chunk) && feed_.has(chunk);
}

std::optional<content::Manifest> Fetch::manifest_of(swarm::ItemIndex item) const {
  const auto leaves = leaves_.find(item);
  if (leaves == leaves_.end() || !leaves->second.checked) return std::nullopt;
  return content::Manifest{.size = download_.item(item).size, .leaves = leaves->second.leaves};
}

}  // namespace essaim::node
