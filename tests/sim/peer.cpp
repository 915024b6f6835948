#include "sim/peer.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace essaim::sim {
namespace {

constexpr swarm::ItemIndex kOnly{0};

constexpr Duration kStartTime = 20ms;
constexpr Duration kHashTime = 500us;  // of a chunk, when a part file is looked through
constexpr Duration kSyncTime = 5ms;
constexpr Duration kFirstCheckpointAfter = 100ms;  // the leaves, as soon as they are known
constexpr Duration kCheckpointInterval = 1s;

}  // namespace

Peer::Peer(Parts parts, const PeerSpec& spec)
    : parts_(std::move(parts)),
      spec_(spec),
      id_(parts_.network.add(*this, spec.link)),
      outbox_(parts_.network, id_),
      disk_(parts_.content.plan.chunks) {
  if (spec_.role == Role::kSeed) finished_at_ = parts_.clock.now();
}

void Peer::start() {
  if (life_) return;
  const std::uint64_t life = ++lives_;
  const bool must_look = disk_.journal() && !disk_.journal()->clean;
  const Duration looking = must_look ? kHashTime * parts_.content.plan.chunks : Duration{0};
  parts_.clock.after(kStartTime + looking, [this, life] {
    if (life == lives_) begin();
  });
}

void Peer::begin() {
  const std::uint64_t seed = parts_.seed + lives_;
  const auto on_gone = [this, life = lives_](swarm::UploadTicket ticket) {
    if (life != lives_) return;
    life_->server.on_served(ticket);
    schedule_pump();
  };
  life_ = std::make_unique<Life>(Server(
      {.content = parts_.content, .outbox = outbox_, .conduct = spec_.conduct, .seed = seed, .on_gone = on_gone}));
  if (!introduced_to_) life_->finder.emplace(id_, parts_.network, seed, parts_.clock.now());
  resume();
  parts_.network.set_up(id_);
  if (life_->fetcher) {
    later(kFirstCheckpointAfter, [this] { checkpoint(); });
    look_around_for_ever();
  }
  schedule_pump();
}

void Peer::resume() {
  if (spec_.role == Role::kSeed || disk_.named()) {
    life_->server.on_all();
    if (!finished_at_) finished_at_ = parts_.clock.now();
    return;
  }
  life_->fetcher.emplace(
      Fetcher::Parts{.content = parts_.content, .disk = disk_, .outbox = outbox_, .seed = parts_.seed + lives_});
  const std::optional<Journal>& journal = disk_.journal();
  if (!journal) return;
  std::vector<bool> held = journal->chunks;
  for (std::uint32_t chunk = 0; chunk < held.size(); ++chunk) {
    const bool intact = disk_.read(chunk) == Disk::Chunk::kIntact;
    if (journal->clean) {
      ASSERT(!held[chunk] || intact);
    } else {
      held[chunk] = intact;
    }
    if (held[chunk]) life_->server.on_chunk(content::ChunkIndex{chunk});
  }
  life_->fetcher->resume(held);
}

void Peer::end(Network::Farewell farewell) {
  ++lives_;
  life_.reset();
  parts_.network.set_down(id_, farewell);
}

void Peer::stop() {
  if (life_ && life_->fetcher) {
    disk_.end_sync(disk_.begin_sync());
    if (life_->finishing) {
      give_name();
    } else if (life_->fetcher->knows_leaves()) {
      disk_.write_journal({.clean = true, .chunks = life_->fetcher->chunks_held()});
      disk_.sync_journal();
    }
  }
  end(Network::Farewell::kHangUp);
}

void Peer::kill() { end(Network::Farewell::kHangUp); }

void Peer::lose_power(Choices& fate) {
  disk_.lose_power(fate);
  if (spec_.role == Role::kFetcher && !disk_.named()) finished_at_.reset();
  end(Network::Farewell::kSilence);
}

void Peer::later(Duration time, Clock::Event event) {
  parts_.clock.after(time, [this, life = lives_, event = std::move(event)]() mutable {
    if (life == lives_) event();
  });
}

void Peer::schedule_pump() {
  if (!life_ || std::exchange(life_->pump_scheduled, true)) return;
  later(0s, [this] {
    life_->pump_scheduled = false;
    pump();
  });
}

void Peer::pump() {
  const Instant now = parts_.clock.now();
  if (life_->finder) life_->finder->act(now);
  if (life_->fetcher) {
    life_->fetcher->act(now);
    if (life_->fetcher->download().done()) finish();
  }
  life_->server.act(now);
  arm_timer();
  if (parts_.care == Care::kEveryStep) check_invariants();
}

void Peer::arm_timer() {
  std::optional<Instant> next = life_->server.next_deadline();
  const auto include = [&next](std::optional<Instant> other) {
    if (other && (!next || *other < *next)) next = other;
  };
  if (life_->fetcher) include(life_->fetcher->next_deadline());
  if (life_->finder) include(life_->finder->next_deadline());
  if (!next || (life_->wakes_at && *life_->wakes_at <= *next)) return;
  life_->wakes_at = next;
  later(*next - parts_.clock.now(), [this, at = *next] {
    if (life_->wakes_at == at) life_->wakes_at.reset();
    schedule_pump();
  });
}

// The order that makes the journal true: what it claims is synced before it is written.
void Peer::checkpoint() {
  if (life_->finishing) return;
  if (!life_->fetcher->knows_leaves()) return later(kFirstCheckpointAfter, [this] { checkpoint(); });
  Journal journal{.clean = false, .chunks = life_->fetcher->chunks_held()};
  later(kSyncTime, [this, journal = std::move(journal), begun = disk_.begin_sync()]() mutable {
    disk_.end_sync(begun);
    disk_.write_journal(std::move(journal));
    later(kCheckpointInterval, [this] { checkpoint(); });
  });
}

// Sync, name, sync the folder.
void Peer::finish() {
  if (std::exchange(life_->finishing, true)) return;
  later(kSyncTime, [this, begun = disk_.begin_sync()] {
    disk_.end_sync(begun);
    disk_.rename();
    later(kSyncTime, [this] { give_name(); });
  });
}

void Peer::give_name() {
  disk_.rename();
  disk_.sync_folder();
  if (!finished_at_) finished_at_ = parts_.clock.now();
}

bool Peer::holds(content::ChunkIndex chunk) const { return life_->server.feed().has({kOnly, chunk}); }

std::uint32_t Peer::chunks_held() const { return life_ ? life_->server.feed().chunks_held(kOnly) : 0; }

const Fetcher* Peer::fetcher() const { return life_ && life_->fetcher ? &*life_->fetcher : nullptr; }

void Peer::check_invariants() const {
  disk_.check_invariants();
  if (!life_) return;
  life_->server.check_invariants();
  if (life_->finder) life_->finder->check_invariants();
  if (life_->fetcher) {
    life_->fetcher->check_invariants();
    const auto held = life_->fetcher->chunks_held();
    ASSERT(chunks_held() == static_cast<std::uint32_t>(std::ranges::count(held, true)));
  }
}

}  // namespace essaim::sim
