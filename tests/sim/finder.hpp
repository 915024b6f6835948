// How a simulated peer finds the others: the real discovery code, driven as src/node/neighbourhood.hpp does.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "discovery/announce_schedule.hpp"
#include "discovery/answer_limiter.hpp"
#include "discovery/peer_table.hpp"
#include "discovery/rate_gate.hpp"
#include "sim/network.hpp"

namespace essaim::sim {

[[nodiscard]] PeerId peer_id_of(HostId host);
// Its address; the port is the one it listens on.
[[nodiscard]] Endpoint endpoint_of(HostId host);

class Finder {
 public:
  Finder(HostId self, Network& network, std::uint64_t seed, Instant now);

  void on_datagram(HostId from, ByteView datagram, Instant now);
  void on_session_opened(HostId other, Instant now);
  void on_session_closed(HostId other, Instant now);
  // Asks once more who is near.
  void look_around(Instant now) { schedule_.on_network_change(now); }
  // Announces what is due.
  void act(Instant now);
  [[nodiscard]] Instant next_deadline() const;

  // Whom one could dial.
  [[nodiscard]] std::vector<HostId> near() const;
  void check_invariants() const;

 private:
  [[nodiscard]] discovery::Announcement announcement() const;
  void note(const discovery::PeerEvents& events, Instant now);

  HostId self_;
  Network& network_;
  discovery::PeerTable table_;
  discovery::AnnounceSchedule schedule_;
  discovery::RateGate gate_;
  discovery::AnswerLimiter answers_;
};

}  // namespace essaim::sim
