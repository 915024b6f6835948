#include "node/transfer.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/failures.hpp"
#include "node/wall_clock.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

std::string_view sentence_of(swarm::StallReason reason) {
  switch (reason) {
    case swarm::StallReason::kPaused: return "It is paused.";
    case swarm::StallReason::kDisk: return "The disk did not take it; trying again.";
    case swarm::StallReason::kNoSources: return "Nobody who has it is near; it goes on when somebody is.";
    case swarm::StallReason::kNobodyHas: return "Nobody who is near has the rest of it; it goes on when somebody does.";
    case swarm::StallReason::kBeingRead: return "It comes as fast as its owner reads it.";
    case swarm::StallReason::kAllSilent: return "Who has it does not answer now; trying again.";
  }
  return "";
}

std::uint64_t seconds_of(UnixNanos time) {
  const std::chrono::nanoseconds since_epoch{static_cast<std::int64_t>(time)};
  return static_cast<std::uint64_t>(std::max(std::chrono::floor<std::chrono::seconds>(since_epoch).count(), 0L));
}

}  // namespace

content::Link link_of(const storage::TransferRecord& record) {
  return content::parse_link(record.link).value_or(content::Link{});
}

Transfer::Transfer(const TransferParts& parts, Wanted wanted, Destination destination, storage::TransferRecord record)
    : parts_(parts),
      wanted_(std::move(wanted)),
      destination_(std::move(destination)),
      record_(std::move(record)),
      began_(std::chrono::steady_clock::now()) {
  view_.id = std::to_string(static_cast<std::int64_t>(record_.id));
  view_.name = destination_.name;
  if (!is_to_read()) view_.path = destination_.folder + "/" + destination_.name;
  if (record_.bytes_per_second > 0) view_.limit = record_.bytes_per_second;
  if (wanted_.link) {
    view_.content_id = wanted_.link->id;
    view_.bytes_total = wanted_.link->size.value_or(0);
    view_.kind = wanted_.link->kind == content::ContentKind::kTree ? EntryKind::kTree : EntryKind::kFile;
  } else if (wanted_.entry) {
    view_.kind = wanted_.entry->kind;
    view_.bytes_total = wanted_.entry->size;
  }
}

bool Transfer::is_for(const Wanted& wanted, const Destination& destination) const {
  return wanted_.link && wanted.link && wanted_.link->id == wanted.link->id && wanted_.subfolder == wanted.subfolder &&
         wanted_.purpose == wanted.purpose && destination_.folder == destination.folder &&
         destination_.name == destination.name;
}

asio::awaitable<void> Transfer::run() {
  const auto self = shared_from_this();
  running_ = true;
  wish_ = Wish::kRun;
  show_activity(Activity::kBusy);
  record_.state = storage::TransferState::kRunning;
  view_.failure.reset();
  view_.state = TransferState::kResolving;
  publish();
  if (wanted_.classic) {
    settle(co_await run_classic());
    co_return;
  }
  auto link = co_await wait_for_link();
  if (!link) {
    settle(fail(link.error()));
    co_return;
  }
  view_.state = TransferState::kRunning;
  publish();
  const bool tree = link->kind == content::ContentKind::kTree;
  auto work = tree ? run_tree() : run_file();
  settle(co_await std::move(work));
  // Nobody who waits for the result waits for this. Meanwhile what was fetched is served as before.
  if (auto keep = std::exchange(keep_, nullptr)) {
    auto keeping = keep();
    co_await std::move(keeping);
  }
  for (const FetchId id : std::exchange(served_, {})) parts_.fetches.remove(id);
  last_fetch_ = nullptr;
}

asio::awaitable<void> Transfer::rest(std::chrono::milliseconds time) {
  asio::steady_timer timer(parts_.control, time);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

void Transfer::pause() { end_soon(Wish::kPause); }
void Transfer::wait_for_turn() { end_soon(Wish::kWait); }
void Transfer::stop() { end_soon(Wish::kStop); }
void Transfer::cancel() { end_soon(Wish::kCancel); }

void Transfer::end_soon(Wish wish) {
  wish_ = wish;
  if (fetch_) fetch_->stop();
  stop_classic();
  const bool over = view_.state == TransferState::kDone || view_.state == TransferState::kCancelled;
  if (running_ || over) return;
  view_.state = state_after(wish);
  if (wish == Wish::kPause && record_.state != storage::TransferState::kPaused) {
    record_.state = storage::TransferState::kPaused;
    update_record();
  }
  if (wish == Wish::kCancel) forget_remains();
  publish();
}

TransferState Transfer::state_after(Wish wish) {
  switch (wish) {
    case Wish::kCancel: return TransferState::kCancelled;
    case Wish::kWait: return TransferState::kWaiting;
    default: return TransferState::kPaused;
  }
}

void Transfer::set_limit(std::optional<std::uint64_t> bytes_per_second) {
  if (bytes_per_second == 0) bytes_per_second.reset();
  view_.limit = bytes_per_second;
  record_.bytes_per_second = bytes_per_second.value_or(0);
  if (fetch_) fetch_->set_limit(bytes_per_second);
  if (classic_limits_) classic_limits_->set_own(bytes_per_second);
  update_record();
  publish();
}

void Transfer::set_turn(std::int64_t turn) {
  record_.turn = turn;
  record_.updated = wall_clock();
  update_record();
}

std::optional<UnixNanos> Transfer::expires() const {
  const bool over = view_.state == TransferState::kDone || view_.state == TransferState::kCancelled;
  const bool on_its_way = running_ && activity_ == Activity::kBusy;
  if (over || on_its_way || view_.state == TransferState::kWaiting || is_to_read() || !parts_.keep_unfinished) {
    return std::nullopt;
  }
  const std::chrono::nanoseconds kept = *parts_.keep_unfinished;
  return UnixNanos{static_cast<std::int64_t>(record_.updated) + kept.count()};
}

bool Transfer::expire(UnixNanos now) {
  const auto end = expires();
  if (!end || now < *end) return false;
  const auto days = std::chrono::duration_cast<std::chrono::days>(*parts_.keep_unfinished).count();
  const std::string why = "Nothing more of it has come for " + std::to_string(days) + " days, so it was given up.";
  parts_.log.info("{}: {}", view_.name, why);
  view_.failure = Failure{FailureCode::kInterrupted, why};
  cancel();
  return true;
}

void Transfer::forget_record() {
  const auto removed = parts_.catalogue.transfers().remove(record_.id);
  if (!removed) parts_.log.warning("{}", describe(removed.error()));
}

void Transfer::update_record() {
  const auto kept = parts_.catalogue.transfers().update(record_);
  if (!kept) parts_.log.warning("{}", describe(kept.error()));
}

void Transfer::forget_remains() {
  forget_record();
  auto folder = storage::Directory::open(destination_.folder);
  auto name = SafePath::parse(destination_.name);
  const auto part_name = SafePath::parse(record_.part_name);
  if (!folder || !name || !part_name) return;
  if (wanted_.link && wanted_.link->kind == content::ContentKind::kTree) {
    auto target = storage::TreeTarget::resume(std::move(*folder), std::move(*name), *part_name);
    if (target) static_cast<void>(target->discard());
  } else {
    auto part = storage::PartFile::resume(std::move(*folder), {.name = std::move(*name), .size = record_.total_bytes},
                                          *part_name);
    if (part) static_cast<void>(part->discard());
  }
}

void Transfer::settle(Outcome<std::string> outcome) {
  running_ = false;
  if (outcome) {
    view_.state = TransferState::kDone;
    view_.failure.reset();
    view_.path = *outcome;
    view_.bytes_done = view_.bytes_total;
    view_.files_done = view_.files_total;
    view_.bytes_per_second = 0;
    view_.seconds_left = 0;
    record_.state = storage::TransferState::kDone;
  } else if (wish_ == Wish::kCancel) {
    view_.state = TransferState::kCancelled;
    record_.state = storage::TransferState::kCancelled;
    if (discard_) static_cast<void>(discard_());
  } else if (wish_ != Wish::kRun) {
    view_.state = state_after(wish_);
    if (wish_ == Wish::kPause) record_.state = storage::TransferState::kPaused;
  } else {
    view_.state = TransferState::kFailed;
    view_.failure = outcome.error();
    record_.state = storage::TransferState::kFailed;
    record_.note = outcome.error().message;
  }
  discard_ = nullptr;
  const bool over = view_.state == TransferState::kDone || view_.state == TransferState::kCancelled;
  if (over) {
    forget_record();
  } else {
    update_record();
  }
  view_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  if (view_.state != TransferState::kWaiting) show_activity(Activity::kOver);
  publish();
}

std::function<void(swarm::ItemIndex, const std::vector<Leaf>&)> Transfer::own_chunks_taker() {
  return [weak = weak_from_this()](swarm::ItemIndex item, const std::vector<Leaf>& leaves) {
    const auto self = weak.lock();
    if (self == nullptr || self->fetch_ == nullptr || !self->parts_.owns_something()) return;
    asio::co_spawn(self->parts_.control, self->take_own_chunks(self->fetch_, item, leaves), asio::detached);
  };
}

Answer<std::shared_ptr<Fetch>> Transfer::run_fetch(std::shared_ptr<FetchTarget> target, std::vector<swarm::Item> items,
                                                   SwarmScope scope, std::function<void(Fetch&)> prepare) {
  auto fetch = std::make_shared<Fetch>(Fetch::Parts{.control = parts_.control,
                                                    .sessions = parts_.sessions,
                                                    .scope = std::move(scope),
                                                    .target = std::move(target),
                                                    .seed = parts_.new_seed(),
                                                    .bytes_per_second = view_.limit,
                                                    .shared_limit = parts_.limit,
                                                    .on_leaves = own_chunks_taker(),
                                                    .on_sha256 = sha256_taker()},
                                       std::move(items));
  fetch_ = fetch;
  prepare(*fetch);
  auto running = run_to_end(fetch);
  const FetchEnd end = co_await std::move(running);
  if (end.kind == FetchEnd::Kind::kDisk) co_return fail(failure_of(*end.disk));
  if (end.kind == FetchEnd::Kind::kStopped) co_return fail_with(FailureCode::kInterrupted, "It was stopped.");
  co_return fetch;
}

asio::awaitable<FetchEnd> Transfer::run_to_end(std::shared_ptr<Fetch> fetch) {
  served_.push_back(parts_.fetches.add(fetch));
  fetch->set_id(served_.back());
  if (wish_ != Wish::kRun) fetch->stop();
  asio::co_spawn(parts_.control, find_sources(fetch), asio::detached);
  asio::co_spawn(parts_.control, show_progress(fetch), asio::detached);
  const FetchEnd end = co_await fetch->run();
  note_progress(*fetch);
  last_fetch_ = std::exchange(fetch_, nullptr);
  co_return end;
}

std::function<void(const Sha256&)> Transfer::sha256_taker() {
  return [weak = weak_from_this()](const Sha256& hash) {
    const auto self = weak.lock();
    if (self == nullptr || std::exchange(self->sha256_, hash) == hash) return;
    asio::co_spawn(self->parts_.control, self->find_classic(self->fetch_), asio::detached);
  };
}

asio::awaitable<void> Transfer::find_classic(std::shared_ptr<Fetch> fetch) {
  const auto self = shared_from_this();
  if (!sha256_ || !wanted_.link || fetch == nullptr) co_return;
  auto looking = parts_.browser.classic_holders(wanted_.link->size.value_or(0), *sha256_);
  for (ClassicSource& source : co_await std::move(looking)) {
    if (fetch_ != fetch || fetch->has_fed_from(source.peer)) continue;
    const PeerId peer = source.peer;
    const auto report = [control = parts_.control, weak = std::weak_ptr(fetch)](ChunkOutcome outcome) {
      asio::post(control, [weak, outcomes = std::vector{std::move(outcome)}] {
        if (const auto running = weak.lock()) running->on_chunks(outcomes);
      });
    };
    fetch->add_feed(peer, parts_.classic.feed(std::move(source), report));
  }
}

asio::awaitable<void> Transfer::find_sources(std::shared_ptr<Fetch> fetch) {
  const auto self = shared_from_this();
  while (fetch_ == fetch) {
    co_await parts_.browser.meet_everyone([fetch](SessionId session) { fetch->meet(session); });
    co_await find_classic(fetch);
    const bool some = fetch->has_sources();
    const auto interval = some ? std::chrono::milliseconds(kMoreSourcesInterval) : kNoSourceInterval;
    const auto look_again = std::chrono::steady_clock::now() + interval;
    // Looked for at once when the last source leaves.
    while (fetch_ == fetch && std::chrono::steady_clock::now() < look_again) {
      co_await rest(kProgressInterval);
      if (some && fetch->stalled() == swarm::StallReason::kNoSources) break;
    }
  }
}

asio::awaitable<void> Transfer::show_progress(std::shared_ptr<Fetch> fetch) {
  const auto self = shared_from_this();
  std::optional<swarm::StallReason> shown;
  auto last_busy = std::chrono::steady_clock::now();
  while (fetch_ == fetch) {
    co_await rest(kProgressInterval);
    if (fetch_ != fetch) co_return;
    const auto stalled = fetch->stalled();
    const bool nobody = stalled == swarm::StallReason::kNoSources || stalled == swarm::StallReason::kNobodyHas;
    if (!nobody) last_busy = std::chrono::steady_clock::now();
    const bool gives_way = std::chrono::steady_clock::now() - last_busy >= kGiveWayAfter;
    show_activity(gives_way ? Activity::kIdle : Activity::kBusy);
    if (!fetch->take_news() && stalled == shown) continue;
    shown = stalled;
    view_.failure.reset();
    if (stalled) view_.failure = Failure{FailureCode::kInterrupted, std::string(sentence_of(*stalled))};
    note_progress(*fetch);
    publish();
  }
}

void Transfer::note_progress(const Fetch& fetch) {
  const swarm::Progress progress = fetch.progress();
  view_.bytes_total = progress.bytes_total;
  view_.bytes_done = progress.bytes_verified;
  view_.bytes_per_second = static_cast<double>(progress.bytes_per_second);
  view_.seconds_left.reset();
  if (progress.bytes_per_second > 0) {
    view_.seconds_left = static_cast<double>(progress.bytes_total - progress.bytes_verified) / view_.bytes_per_second;
  }
  view_.sources = sources_before_;
  for (const swarm::SourceProgress& source : progress.sources) {
    const PeerId& peer = fetch.peer_of(source.source);
    // Several sessions with one peer are one source to people.
    const auto same = std::ranges::find(view_.sources, peer, &SourceView::peer_id);
    if (same != view_.sources.end()) {
      same->bytes += source.bytes;
      continue;
    }
    view_.sources.push_back({.peer_id = peer, .name = parts_.browser.name_of_peer(peer), .bytes = source.bytes});
  }
}

TransferView Transfer::view() const {
  TransferView view = view_;
  if (const auto end = expires()) view.expires = seconds_of(*end);
  if (running_) view.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  return view;
}

TransferMapView Transfer::map() const {
  TransferMapView view;
  if (!fetch_) return view;
  for (const swarm::MapCell& cell : fetch_->download().map()) {
    view.have.push_back(cell.have);
    view.flight.push_back(cell.flight);
    view.sources.push_back(cell.sources);
  }
  return view;
}

Outcome<void> Transfer::keep_record() {
  if (auto kept = parts_.catalogue.transfers().update(record_); !kept) return fail(failure_of(kept.error()));
  return {};
}

void Transfer::show_activity(Activity activity) {
  if (std::exchange(activity_, activity) != activity) parts_.activity(record_.id, activity);
}

void Transfer::publish() { parts_.changed(view()); }

}  // namespace essaim::node
