#include "node/fetch.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/assert.hpp"
#include "transport/clock.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

// Longer than any answer that still makes progress takes; the download has deadlines of its own.
constexpr std::chrono::seconds kManifestTimeMax{60};

swarm::FailReason reason_of(const AskFailure& failure) {
  if (failure.kind == AskFailure::Kind::kClosed) return swarm::FailReason::kClosed;
  if (failure.kind == AskFailure::Kind::kTimeout) return swarm::FailReason::kTimeout;
  switch (failure.code) {
    case wire::ErrorCode::kNotFound: return swarm::FailReason::kNotFound;
    case wire::ErrorCode::kChanged: return swarm::FailReason::kChanged;
    default: return swarm::FailReason::kBusy;
  }
}

std::unordered_map<ContentId, swarm::ItemIndex> index_of(const std::vector<swarm::Item>& items) {
  std::unordered_map<ContentId, swarm::ItemIndex> index;
  index.reserve(items.size());
  for (std::uint32_t i = 0; i < items.size(); ++i) index.emplace(items[i].id, swarm::ItemIndex{i});
  return index;
}

std::vector<std::uint32_t> chunks_of(const std::vector<swarm::Item>& items) {
  std::vector<std::uint32_t> chunks;
  chunks.reserve(items.size());
  for (const swarm::Item& item : items) chunks.push_back(content::plan_for(item.size)->chunks);
  return chunks;
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): who makes a fetch gives its list away.
Fetch::Fetch(Parts parts, std::vector<swarm::Item> items)
    : parts_(std::move(parts)),
      download_(items, {.bytes_per_second = parts_.bytes_per_second, .shared_limit = parts_.shared_limit}, parts_.seed),
      item_of_(index_of(items)),
      feed_(chunks_of(items)),
      timer_(parts_.control),
      tell_timer_(parts_.control),
      drain_timer_(parts_.control),
      ended_(parts_.control, asio::steady_timer::time_point::max()),
      stored_(parts_.control, asio::steady_timer::time_point::max()) {}

void Fetch::mark_have(swarm::ChunkRef chunk) {
  download_.mark_have(chunk);
  feed_.on_chunk(chunk);
  stored_.cancel();
}

void Fetch::mark_item_done(swarm::ItemIndex item) {
  download_.mark_item_done(item);
  feed_.on_item(item);
  stored_.cancel();
}

void Fetch::mark_leaves(swarm::ItemIndex item, std::vector<Leaf> leaves) {
  leaves_[item] = Leaves{.leaves = std::move(leaves), .checked = true};
  download_.mark_manifest_known(item);
}

void Fetch::set_limit(std::optional<std::uint64_t> bytes_per_second) {
  download_.set_bytes_per_second(bytes_per_second);
  schedule_pump();
}

void Fetch::on_session_closed(SessionId session) {
  asked_.erase(session);
  dropped_.erase(session);
  feed_.unfollow(swarm::FollowerId{static_cast<std::uint64_t>(session)});
  const auto found = source_of_.find(session);
  if (found == source_of_.end()) return;
  const swarm::SourceId source = found->second;
  source_of_.erase(found);
  session_of_[static_cast<std::size_t>(source)].reset();
  download_.on_source_lost(source, transport::now());
  schedule_pump();
}

void Fetch::on_chunks(const std::vector<ChunkOutcome>& outcomes) {
  for (const ChunkOutcome& outcome : outcomes) settle(outcome);
  stored_.cancel();
  tell_followers();
  schedule_pump();
}

void Fetch::settle(const ChunkOutcome& outcome) {
  const auto request = requests_.find(outcome.request);
  const bool by_owner = request != requests_.end() && is_owner(request->second.session);
  if (request != requests_.end()) requests_.erase(request);
  if (by_owner && outcome.failure) on_draft_refused(*outcome.failure);
  if (!outcome.failure) {
    news_ = true;
    feed_.on_chunk(outcome.chunk);
    return download_.on_chunk_verified(outcome.request, transport::now());
  }
  download_.on_chunk_failed(outcome.request, *outcome.failure, transport::now());
  // A full disk is waited for: the download asks again after a rest.
  const bool in_vain = outcome.disk && outcome.disk->kind != storage::StorageError::Kind::kDiskFull;
  if (in_vain) end({FetchEnd::Kind::kDisk, outcome.disk});
}

asio::awaitable<FetchEnd> Fetch::run() {
  schedule_pump();
  while (!end_) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
  timer_.cancel();
  drain_timer_.cancel();
  co_return *end_;
}

void Fetch::stop() { end({FetchEnd::Kind::kStopped, std::nullopt}); }

void Fetch::hold() {
  if (holds_++ == 0) download_.pause();
}

void Fetch::let_go() {
  if (--holds_ > 0) return;
  download_.resume();
  schedule_pump();
}

void Fetch::end(FetchEnd how) {
  if (end_) return;
  end_ = std::move(how);
  for (const auto& [request, where] : std::exchange(requests_, {})) forgotten_[where.session].push_back(where.wire_id);
  orders_.clear();
  flush();
  feeds_.clear();
  ended_.cancel();
  stored_.cancel();
}

void Fetch::set_reading(swarm::ReaderId reader, swarm::ChunkRef position) {
  const bool moved = download_.set_reading(reader, position);
  if (moved && !end_) schedule_pump();
}

asio::awaitable<void> Fetch::wait_for_news() {
  if (!end_) co_await stored_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void Fetch::schedule_pump() {
  if (std::exchange(pump_scheduled_, true)) return;
  asio::post(parts_.control, [self = shared_from_this()] {
    self->pump_scheduled_ = false;
    self->pump();
  });
}

void Fetch::pump() {
  if (end_) return;
  const std::vector<swarm::Action> actions = download_.take_actions(transport::now());
  for (const swarm::Action& action : actions) {
    std::visit([this](const auto& one) { obey(one); }, action);
    if (end_) return;
  }
  flush();
  tell_followers();
  if (download_.done()) return end({FetchEnd::Kind::kDone, std::nullopt});
  if (content_id_ && requests_.empty()) return end({FetchEnd::Kind::kNamed, std::nullopt});
  // What it returns at once is bounded, so there may be more.
  actions.empty() ? arm_timer() : schedule_pump();
}

void Fetch::obey(const swarm::AskManifest& ask) {
  const auto session = session_of(ask.source);
  if (!session) return download_.on_manifest_failed(ask.request, swarm::FailReason::kClosed, transport::now());
  leaves_asked_ = ask.request;
  asio::co_spawn(parts_.control, ask_leaves(ask, *session), asio::detached);
}

void Fetch::obey(const swarm::AskChunk& ask) {
  const auto session = session_of(ask.source);
  if (!session) return download_.on_chunk_failed(ask.request, swarm::FailReason::kClosed, transport::now());
  const swarm::Item& item = download_.item(ask.chunk.item);
  const auto plan = content::plan_for(item.size);
  ASSERT(plan && plan->has(ask.chunk.chunk));
  auto sink = parts_.target->sink_of(ask.chunk.item);
  if (!sink) return end({FetchEnd::Kind::kDisk, std::move(sink.error())});
  ChunkOrder order{.wire_id = parts_.sessions.new_wire_id(),
                   .fetch = parts_.id,
                   .request = ask.request,
                   .chunk = ask.chunk,
                   .content = item.id,
                   .offset = plan->offset(ask.chunk.chunk),
                   .length = plan->length(ask.chunk.chunk),
                   .leaf = std::nullopt,
                   .sink = std::move(*sink)};
  if (plan->chunks > 1 || is_draft())
    order.leaf = leaves_.at(ask.chunk.item).leaves.at(static_cast<std::size_t>(ask.chunk.chunk));
  requests_.emplace(ask.request, Request{*session, order.wire_id});
  orders_[*session].push_back(std::move(order));
}

void Fetch::obey(const swarm::CancelRequest& cancel) {
  if (leaves_asked_ == cancel.request) leaves_asked_.reset();
  const auto found = requests_.find(cancel.request);
  if (found == requests_.end()) return;
  forgotten_[found->second.session].push_back(found->second.wire_id);
  requests_.erase(found);
}

void Fetch::obey(const swarm::DropSource& drop) {
  const auto session = session_of(drop.source);
  session_of_[static_cast<std::size_t>(drop.source)].reset();
  if (!session) return;
  source_of_.erase(*session);
  feeds_.erase(*session);
  dropped_.insert(*session);
  if (is_owner(*session) && drop.reason == swarm::DropReason::kLiar) end({FetchEnd::Kind::kFalse, std::nullopt});
}

void Fetch::obey(const swarm::FinishItem& finish) {
  news_ = true;
  feed_.on_item(finish.item);
  if (auto finished = parts_.target->finish_item(finish.item); !finished) {
    end({FetchEnd::Kind::kDisk, std::move(finished.error())});
  }
}

void Fetch::flush() {
  for (auto& [id, batch] : std::exchange(orders_, {})) {
    if (const auto feed = feeds_.find(id); feed != feeds_.end()) {
      feed->second->order(std::move(batch));
    } else if (const Session* session = parts_.sessions.find(id)) {
      session->link->order(std::move(batch));
    }
  }
  for (auto& [id, batch] : std::exchange(forgotten_, {})) {
    if (const auto feed = feeds_.find(id); feed != feeds_.end()) {
      feed->second->forget(std::move(batch));
    } else if (const Session* session = parts_.sessions.find(id)) {
      session->link->forget(std::move(batch));
    }
  }
}

void Fetch::arm_timer() {
  const auto deadline = download_.next_deadline();
  if (!deadline) return;
  timer_.expires_at(transport::to_steady(*deadline));
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || self->end_) return;
    self->download_.on_time(transport::now());
    self->schedule_pump();
  });
}

asio::awaitable<void> Fetch::ask_leaves(swarm::AskManifest ask, SessionId session) {
  const auto self = shared_from_this();
  const ContentId id = download_.item(ask.item).id;
  auto question = parts_.sessions.ask(session, wire::ManifestRequest{id, ask.first, ask.count}, kManifestTimeMax);
  const auto reply = co_await std::move(question);
  if (end_) co_return;
  if (reply && is_draft()) {
    on_draft_answer(ask, *reply);
    co_return schedule_pump();
  }
  const auto failure = reply ? take_leaves(ask, *reply) : std::optional(reason_of(reply.error()));
  if (failure) {
    if (is_draft()) on_draft_refused(*failure);
    download_.on_manifest_failed(ask.request, *failure, transport::now());
  } else {
    download_.on_manifest(ask.request, transport::now());
  }
  schedule_pump();
}

std::optional<swarm::FailReason> Fetch::take_leaves(const swarm::AskManifest& ask, const Reply& reply) {
  const auto* data = std::get_if<wire::ManifestData>(&reply.envelope.message);
  const swarm::Item& item = download_.item(ask.item);
  const bool as_asked = data != nullptr && data->file_id == item.id && data->first == ask.first &&
                        data->count == ask.count && data->size == item.size;
  auto leaves = as_asked ? content::parse_leaves(reply.payload) : std::nullopt;
  if (!leaves || leaves->size() != ask.count) return swarm::FailReason::kBadHash;

  Leaves& known = leaves_[ask.item];
  if (known.checked) return std::nullopt;  // two sources were asked, and this is the later
  if (ask.first == 0) known.leaves.clear();
  if (known.leaves.size() != ask.first) return swarm::FailReason::kBadHash;
  known.leaves.insert(known.leaves.end(), leaves->begin(), leaves->end());
  const auto plan = content::plan_for(item.size);
  if (!plan || known.leaves.size() < plan->chunks) return std::nullopt;
  auto manifest = content::check_manifest(item.size, std::move(known.leaves), item.id);
  if (!manifest) {
    leaves_.erase(ask.item);
    return swarm::FailReason::kBadHash;
  }
  known.leaves = std::move(manifest->leaves);
  known.checked = true;
  parts_.target->on_leaves(ask.item, known.leaves);
  if (parts_.on_leaves) parts_.on_leaves(ask.item, known.leaves);
  return std::nullopt;
}

std::optional<SessionId> Fetch::session_of(swarm::SourceId source) const {
  const auto number = static_cast<std::size_t>(source);
  return number < session_of_.size() ? session_of_[number] : std::nullopt;
}

const PeerId& Fetch::peer_of(swarm::SourceId source) const { return peer_of_.at(static_cast<std::size_t>(source)); }

swarm::Progress Fetch::progress() const { return download_.progress(transport::now()); }

bool Fetch::take_news() { return std::exchange(news_, false); }

}  // namespace essaim::node
