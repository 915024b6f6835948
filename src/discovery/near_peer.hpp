// What is known of one peer nearby, and what happens to it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/datagram_source.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "discovery/peer_addresses.hpp"
#include "wire/level.hpp"

namespace essaim::discovery {

// How a peer was last heard of.
struct Heard {
  DatagramSource from;
  Instant at;
};

struct NearPeer {
  PeerId peer_id;
  // The highest level that was ever claimed or proved; it never falls. Rationale: what a later datagram leaves out
  // must not make us speak plain text to a peer that can do better.
  wire::Level level = wire::Level::kClassic;
  // kSession: the peer has proved its key to us. Name and rev are then its own words; before, anybody's.
  Proof proof = Proof::kNone;
  std::string name;
  std::uint64_t rev = 0;
  bool online = false;
  std::size_t sessions = 0;          // live ones of level 1
  std::size_t classic_sessions = 0;  // live ones of level 0; they mean nothing once the peer has proved its key
  PeerAddresses addresses;
  std::optional<Heard> heard;  // the last datagram that counted; none for one known by session or hint alone

  [[nodiscard]] bool has_session() const { return sessions + (proof == Proof::kNone ? classic_sessions : 0) > 0; }
};

struct PeerEvent {
  enum class Kind {
    kAppeared,  // it is online now
    kChanged,   // its name, rev, level or addresses are others than before
    kProbe,     // look whether it still is where we think: it said GOODBYE, or was heard at an address that is new
    kGone,      // it is offline now; one that never proved who it is has been forgotten
  };
  Kind kind = Kind::kAppeared;
  PeerId peer_id;
  friend bool operator==(const PeerEvent&, const PeerEvent&) = default;
};
using PeerEvents = std::vector<PeerEvent>;

// What the first messages of a session said.
struct SessionFacts {
  wire::Level level = wire::Level::kClassic;  // kPeer: TLS proved the peer's key; name and rev are those of its HELLO
  std::string name;
  std::uint64_t rev = 0;
};

}  // namespace essaim::discovery
