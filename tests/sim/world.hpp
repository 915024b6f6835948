// A whole simulation: peers, what they share, the network between them, and what befalls them.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sim/peer.hpp"

namespace essaim::sim {

struct WorldSpec {
  std::uint64_t seed = 1;
  std::uint64_t size = 0;  // bytes of the content
  std::vector<PeerSpec> peers;
  std::uint32_t datagram_loss_percent = 0;
  // Everybody knows the seeds and so many others from the beginning. Without it they find each other.
  std::optional<std::uint32_t> introductions{};
  Care care = Care::kEveryStep;
};

// One seed is one exact run.
class World {
 public:
  explicit World(WorldSpec spec);

  Clock clock;
  Network network;
  const Content content;

  [[nodiscard]] Peer& peer(std::size_t index) { return *peers_[index]; }
  [[nodiscard]] std::size_t size() const { return peers_.size(); }
  // From now on, in this time.
  void at(Duration after_begin, std::function<void()> event) { clock.at(begin_ + after_begin, std::move(event)); }

  // Steps until it is true, or for so long after the beginning. Whether it is.
  bool run_until(const std::function<bool()>& true_now, Duration limit);
  // How long after the beginning the last fetcher had finished, if all have within that time.
  [[nodiscard]] std::optional<Duration> run(Duration limit);
  [[nodiscard]] Duration elapsed() const { return clock.now() - begin_; }

  [[nodiscard]] bool all_finished() const;
  // Chunks verified by honest fetchers that run, as a part of all that they want.
  [[nodiscard]] double progress() const;
  // How often the peer has sent the content, by bytes.
  [[nodiscard]] double copies_sent(std::size_t index) const;
  [[nodiscard]] std::uint64_t chunks_in_vain() const;
  void check_invariants() const;

 private:
  void introduce(std::uint32_t introductions);

  std::vector<std::unique_ptr<Peer>> peers_;
  Instant begin_;
  swarm::Random random_;
};

}  // namespace essaim::sim
