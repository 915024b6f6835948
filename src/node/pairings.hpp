// Pairings with other peers: the machine of access/pairing.hpp, over sessions and with a clock.
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "access/pairing.hpp"
#include "access/pairing_tries.hpp"
#include "node/browser.hpp"
#include "node/facade.hpp"
#include "node/sessions.hpp"

namespace essaim::node {

// Under way at once. Rationale: each asks for a person's attention.
inline constexpr std::size_t kPairingsOpenMax = 4;
// Remembered after they have ended, so that it can be seen how.
inline constexpr std::size_t kPairingsEndedMax = 16;

// Belongs to the control thread.
class Pairings {
 public:
  struct Parts {
    boost::asio::any_io_executor control;
    PeerId self;
    Sessions& sessions;
    Browser& browser;
    std::function<Instant()> now;
    std::function<void(const PairingView&)> changed;
    std::function<void(const PeerId&)> paired;  // both people have said yes
  };
  explicit Pairings(Parts parts) : parts_(std::move(parts)) {}

  // As in Facade.
  [[nodiscard]] Answer<PairingView> pair(discovery::NearPeer peer);
  [[nodiscard]] Outcome<PairingView> confirm(const PeerId& peer);
  [[nodiscard]] Outcome<PairingView> reject(const PeerId& peer);
  [[nodiscard]] std::vector<PairingView> views() const;

  void on_message(const Session& session, const wire::Pair& message);
  void on_session_closed(const PeerId& peer);
  void stop();

 private:
  struct Entry {
    Entry(access::Pairing machine, const boost::asio::any_io_executor& control)
        : pairing(std::move(machine)), timer(control), changed(control, boost::asio::steady_timer::time_point::max()) {}
    access::Pairing pairing;
    bool incoming = false;
    std::uint64_t number = 0;           // in the order of their beginnings
    bool counted = false;               // how it ended is in the tries
    boost::asio::steady_timer timer;    // for its deadline
    boost::asio::steady_timer changed;  // never expires: cancelled when the state is another
  };
  using EntryPtr = std::shared_ptr<Entry>;

  [[nodiscard]] EntryPtr find_open(const PeerId& peer) const;
  [[nodiscard]] Expected<EntryPtr, Failure> find_comparing(const PeerId& peer) const;
  [[nodiscard]] std::size_t open() const;
  EntryPtr put(const PeerId& peer, access::Pairing pairing, bool incoming);
  void on_commit(const Session& session, const access::PairingCommit& commit);
  static void give_up(Entry& entry);
  // Sends what is to be sent, tells of what has changed, and keeps the time.
  void follow(const PeerId& peer, const EntryPtr& entry);
  [[nodiscard]] boost::asio::awaitable<void> keep_time(PeerId peer, EntryPtr entry);
  void send(const PeerId& peer, const access::PairingStep& step);
  void forget_oldest_ended();
  [[nodiscard]] PairingView view(const PeerId& peer, const Entry& entry) const;

  Parts parts_;
  access::PairingTries tries_;
  std::map<PeerId, EntryPtr> entries_;  // the latest with each
  std::uint64_t begun_ = 0;
  bool stopping_ = false;
};

}  // namespace essaim::node
