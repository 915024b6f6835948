// Who is near, and where.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/datagram_source.hpp"
#include "base/endpoint.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "discovery/announcement.hpp"
#include "discovery/near_peer.hpp"

namespace essaim::discovery {

// Pure: no clock, no socket; same seed and same calls, same answers.
//
//  - A datagram proves nothing. It adds a candidate: its *source* address with the port it announces, never an address
//    it contains. Only a session of level 1 proves one, and a proven address is never displaced by an unproven one.
//  - A verified peer (one that has proved its key) is moved by nobody else's word: only datagrams from an address
//    that it has proved keep it online, change its rev, or take it offline. One from elsewhere adds a candidate and
//    asks for a probe, because the peer may have changed its address.
//  - A peer is online while a session with it lives, and for its lifetime after each datagram: kPeerLifetime, or
//    kCrowdedPeerLifetime where kPatientPeers or more are online.
//  - GOODBYE from one of the peer's addresses takes it offline at once; while a session lives it is probed instead, and
//    goes offline as soon as none is left.
//  - At most kPeersMax peers; of those kUnverifiedPeersMax unverified, and kUnverifiedPeersPerAddressMax first heard
//    at one address. A newcomer takes the place of a random unverified peer without a session (of the same address,
//    if that limit is hit), else of the verified peer that is offline the longest; failing both it is not taken.
//    Rationale: ids are free to forge, so no rule of age or order may decide who stays.
//  - A peer that was never verified is forgotten when it goes offline, a verified one kVerifiedPeerMemory later.
//  - Our own id is ignored wherever it turns up.
class PeerTable {
 public:
  PeerTable(PeerId self, std::uint64_t seed);

  // Port 0, which no datagram has, adds no candidate.
  [[nodiscard]] PeerEvents on_announcement(const Announcement& announcement, const DatagramSource& source, Instant now);
  // `listening` is where the peer accepts connections: what we dialled, or the session's remote address with the port
  // that the peer's HELLO named; port 0 where it accepts none. Several sessions with one peer count one by one.
  [[nodiscard]] PeerEvents on_session_opened(const PeerId& peer_id, const Endpoint& listening,
                                             const SessionFacts& facts, Instant now);
  // `level` is that of the session. The peer stays online for its lifetime, unless it said goodbye.
  [[nodiscard]] PeerEvents on_session_closed(const PeerId& peer_id, wire::Level level, Instant now);
  // The peer said goodbye inside a session: it goes offline as soon as none is left.
  void on_session_goodbye(const PeerId& peer_id);
  // The peer said so inside a session.
  [[nodiscard]] PeerEvents on_rev(const PeerId& peer_id, std::uint64_t rev);
  // A hint, by hand or from another peer. A peer not known yet becomes known for kPeerLifetime, but not online.
  [[nodiscard]] PeerEvents note_address(const PeerId& peer_id, const Endpoint& listening, Instant now);

  [[nodiscard]] PeerEvents on_time(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  // Valid until the next call that is not const.
  [[nodiscard]] const NearPeer* find(const PeerId& peer_id) const;
  // Sorted by id.
  [[nodiscard]] std::vector<NearPeer> all() const;
  [[nodiscard]] std::size_t online() const { return online_; }
  // In the order in which to try them; empty for a peer not known.
  [[nodiscard]] std::vector<Endpoint> addresses_to_dial(const PeerId& peer_id) const;

  void check_invariants() const;

 private:
  struct Row {
    NearPeer peer;
    IpAddress introduced_by;  // the address that an unverified peer counts against
    bool leaving = false;     // it said goodbye, and nothing since
    Instant until;            // without a session: online until this; when offline, remembered until this
  };
  using Rows = std::map<PeerId, Row>;
  struct Newcomer {
    IpAddress introduced_by;
    Proof proof = Proof::kNone;
  };

  [[nodiscard]] PeerEvents on_goodbye(const PeerId& peer_id, const DatagramSource& source, Instant now);
  // True if they change what is known.
  [[nodiscard]] bool take_claims(Row& row, const Announcement& announcement);

  // The row of a peer, made if need be; null where there is no room for a newcomer.
  [[nodiscard]] Row* find_or_make(const PeerId& peer_id, const Newcomer& newcomer, PeerEvents& events);
  [[nodiscard]] bool make_room(const Newcomer& newcomer, PeerEvents& events);
  // `address` null: of all addresses.
  [[nodiscard]] std::size_t count_unverified(const IpAddress* address) const;
  [[nodiscard]] bool evict_random_unverified(const IpAddress* address, PeerEvents& events);
  [[nodiscard]] bool evict_stalest_verified();

  void set_online(Row& row, PeerEvents& events);
  // Answers the row after this one, because a peer that was never verified is forgotten.
  Rows::iterator set_offline(Rows::iterator at, Instant now, PeerEvents& events);
  [[nodiscard]] Instant lifetime_from(Instant now) const;

  PeerId self_;
  std::mt19937_64 random_;
  Rows rows_;
  std::size_t online_ = 0;
};

}  // namespace essaim::discovery
