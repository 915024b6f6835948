#include "sim/world.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace essaim::sim {
namespace {

constexpr std::uint64_t kSeedsApart = 0x1000;  // of the seeds of two peers

}  // namespace

World::World(WorldSpec spec)
    : network(clock, spec.seed, spec.datagram_loss_percent),
      content(make_content(spec.size, spec.seed)),
      begin_(clock.now()),
      random_(spec.seed) {
  for (const PeerSpec& each : spec.peers) {
    const std::uint64_t seed = (spec.seed << 32U) + kSeedsApart * peers_.size();
    peers_.push_back(std::make_unique<Peer>(
        Peer::Parts{.clock = clock, .network = network, .content = content, .seed = seed, .care = spec.care}, each));
    Peer& peer = *peers_.back();
    clock.after(each.joins_at, [&peer] { peer.start(); });
  }
  if (spec.introductions) introduce(*spec.introductions);
}

void World::introduce(std::uint32_t introductions) {
  for (const auto& peer : peers_) {
    std::vector<HostId> known;
    for (const auto& other : peers_) {
      if (other->spec().role == Role::kSeed || peers_.size() <= introductions) known.push_back(other->id());
    }
    while (known.size() < std::min<std::size_t>(introductions, peers_.size())) {
      const HostId other = peers_[random_.below(peers_.size())]->id();
      if (std::ranges::find(known, other) == known.end()) known.push_back(other);
    }
    peer->introduce_to(std::move(known));
  }
}

bool World::run_until(const std::function<bool()>& true_now, Duration limit) {
  while (!true_now()) {
    if (elapsed() > limit || !clock.step()) return false;
  }
  return true;
}

std::optional<Duration> World::run(Duration limit) {
  if (!run_until([this] { return all_finished(); }, limit)) return std::nullopt;
  Instant last = begin_;
  for (const auto& peer : peers_) last = std::max(last, peer->finished_at());
  return last - begin_;
}

bool World::all_finished() const {
  return std::ranges::all_of(peers_, [](const auto& peer) { return peer->finished(); });
}

double World::progress() const {
  double held = 0;
  double wanted = 0;
  for (const auto& peer : peers_) {
    if (peer->spec().role == Role::kSeed || !peer->running()) continue;
    held += peer->chunks_held();
    wanted += content.plan.chunks;
  }
  return wanted == 0 ? 0 : held / wanted;
}

double World::copies_sent(std::size_t index) const {
  return static_cast<double>(network.bytes_sent(peers_[index]->id())) / static_cast<double>(content.plan.size);
}

std::uint64_t World::chunks_in_vain() const {
  std::uint64_t chunks = 0;
  for (const auto& peer : peers_) chunks += peer->fetcher() != nullptr ? peer->fetcher()->chunks_in_vain() : 0;
  return chunks;
}

void World::check_invariants() const {
  for (const auto& peer : peers_) peer->check_invariants();
}

}  // namespace essaim::sim
