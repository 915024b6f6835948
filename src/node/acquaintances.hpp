// Whom this peer has met, and whom its person trusts.
#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "access/audience.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "node/views.hpp"
#include "storage/peer_book.hpp"

namespace essaim::node {

// Strangers that are remembered; the one met the longest ago goes for a new one.
inline constexpr std::size_t kStrangersKnownMax = 1024;
// Peers whose proofs of this run are remembered, whatever becomes of their rows.
inline constexpr std::size_t kPeersProvedMax = 65536;
// How long a stranger is remembered that is not met again.
inline constexpr std::chrono::days kStrangerMemory{30};

// The catalogue's peers, held in memory as well. Each has proved its key at least once. Belongs to the control thread.
//
// A name belongs to the key that was first met under it, until that is forgotten: a peer that comes with the name and
// another key is not taken down, and known_by_name() says whose name it bears. Rationale: a name is all that a person
// sees, and anybody can take one.
class Acquaintances {
 public:
  Acquaintances(storage::PeerBook& book, Log& log) : book_(book), log_(log) {}

  [[nodiscard]] Outcome<void> start(UnixNanos now);

  [[nodiscard]] access::Trust trust_of(const PeerId& peer) const;
  // Has it proved its key to us, in this run or in one that is remembered?
  [[nodiscard]] bool has_met(const PeerId& peer) const { return proved_.contains(peer) || known_.contains(peer); }
  // The peer that this name belongs to; nothing where it belongs to `peer`, or to nobody.
  [[nodiscard]] std::optional<PeerId> known_by_name(const PeerId& peer, const std::string& name) const;
  [[nodiscard]] const storage::PeerRecord* find(const PeerId& peer) const;
  // Those that are trusted or blocked, by id.
  [[nodiscard]] std::vector<storage::PeerRecord> judged() const;
  // By id, by the beginning of an id that fits one, or by name.
  [[nodiscard]] std::vector<storage::PeerRecord> find(const std::string& text) const;

  struct Meeting {
    PeerId peer;  // as its key proves
    std::string name;
    std::string address;
    UnixNanos when{};
  };
  void on_met(const Meeting& meeting);
  // `name`: as it calls itself. Whom a person trusts takes its name over from a stranger.
  [[nodiscard]] Outcome<void> set_trust(const PeerId& peer, const std::string& name, access::Trust trust);
  [[nodiscard]] Outcome<void> forget(const PeerId& peer);

 private:
  void warn(const Meeting& meeting, const PeerId& owner);
  void put(const storage::PeerRecord& record);
  void make_room();

  storage::PeerBook& book_;
  Log& log_;
  std::map<PeerId, storage::PeerRecord> known_;
  std::set<PeerId> proved_;     // in this run; at most kPeersProvedMax
  std::set<PeerId> warned_of_;  // at most kStrangersKnownMax
};

}  // namespace essaim::node
