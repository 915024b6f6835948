// Discovery at work: announces this peer, hears the others, and keeps the table of who is near.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "discovery/announce_schedule.hpp"
#include "discovery/answer_limiter.hpp"
#include "discovery/peer_table.hpp"
#include "discovery/rate_gate.hpp"
#include "node/views.hpp"
#include "transport/beacon.hpp"

namespace essaim::node {

// The port that a level-0 peer listens on, as far as anybody knows.
inline constexpr std::uint16_t kClassicPortAssumed = 5001;
// Alone this long after the start, a node asks once more: its first questions may have come too soon after those of
// another node at this address, which are answered once a second.
inline constexpr std::chrono::milliseconds kLonelyAfter{1100};

struct NeighbourhoodCounters {
  std::uint64_t announcements_taken = 0;
  std::uint64_t announcements_bad = 0;      // no announcement, or not a sound one
  std::uint64_t announcements_dropped = 0;  // over a rate
  std::uint64_t answers_sent = 0;
};

// Belongs to the control thread. It decides nothing itself: discovery/ does, and this obeys.
class Neighbourhood {
 public:
  struct Parts {
    boost::asio::any_io_executor control;
    Log& log;
    PeerId self;
    std::string name;
    std::uint16_t port = 0;  // TCP, as announced
    std::uint64_t seed = 0;
    transport::BeaconOptions beacon;
    bool classic = true;                            // else peers of level 0 are not heard
    std::function<bool(const PeerId&)> has_proved;  // that it speaks level 1, at any time
  };
  using OnEvent = std::function<void(const discovery::PeerEvent&)>;
  Neighbourhood(Parts parts, OnEvent on_event);

  [[nodiscard]] Outcome<void> start();
  // Says GOODBYE.
  void stop();

  // What this peer shares has changed.
  void set_rev(std::uint64_t rev);
  void on_session_opened(const PeerId& peer, const Endpoint& listening, const discovery::SessionFacts& facts);
  void on_session_closed(const PeerId& peer);
  void on_session_goodbye(const PeerId& peer);
  void note_address(const PeerId& peer, const Endpoint& listening);
  // A plain connection on which the peer has called itself so. Where it listens is not said: kClassicPortAssumed,
  // unless it has announced itself.
  void on_classic_opened(const PeerId& peer, const IpAddress& address);
  void on_classic_closed(const PeerId& peer);
  // Somebody is looked for: asks once more who is near, as often as the schedule lets it.
  void look_around();

  [[nodiscard]] const discovery::PeerTable& table() const { return table_; }
  [[nodiscard]] const transport::Beacon& beacon() const { return beacon_; }
  [[nodiscard]] const NeighbourhoodCounters& counters() const { return counters_; }

 private:
  void on_datagram(ByteView datagram, const DatagramSource& source);
  void answer(const DatagramSource& source, std::size_t asked_bytes);
  void report(const discovery::PeerEvents& events);
  void run_due();
  void arm_timer();
  [[nodiscard]] bool takes_classic(const PeerId& peer) const;
  [[nodiscard]] discovery::Announcement announcement(discovery::AnnouncementKind kind) const;

  Parts parts_;
  OnEvent on_event_;
  discovery::PeerTable table_;
  discovery::AnnounceSchedule schedule_;
  discovery::RateGate gate_;
  discovery::AnswerLimiter answers_;
  transport::Beacon beacon_;
  NeighbourhoodCounters counters_;
  std::uint64_t rev_ = 0;
  bool running_ = false;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer lonely_;
};

}  // namespace essaim::node
