// What happens in a node, as a numbered log that any number of listeners can follow and catch up with.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/people_views.hpp"
#include "node/views.hpp"

namespace essaim::node {

struct PeerChanged {
  PeerView peer;
};
struct PeerGone {
  PeerId peer_id;
};
struct ShareChanged {
  ShareView share;
};
struct ShareGone {
  std::string name;
};
struct TransferChanged {
  TransferView transfer;
};  // progress at most ten times a second, changes of state at once

struct PairingChanged {
  PairingView pairing;
};
struct OfferChanged {
  OfferView offer;
};

using EventBody =
    std::variant<PeerChanged, PeerGone, ShareChanged, ShareGone, TransferChanged, PairingChanged, OfferChanged>;

struct Event {
  std::uint64_t number = 0;  // 1, 2, 3 … since the node started
  EventBody body;
};

// How many events are kept for those who catch up; who is further behind starts from the views instead.
inline constexpr std::size_t kEventsKeptMax = 1024;

// Belongs to the control thread, like all it tells of.
class EventLog {
 public:
  explicit EventLog(const boost::asio::any_io_executor& control);

  void publish(EventBody body);

  // The number of the newest event; 0 before the first.
  [[nodiscard]] std::uint64_t newest() const { return newest_; }
  // All events after `number` that are still kept; nothing if some after `number` are not kept any more.
  [[nodiscard]] std::optional<std::vector<Event>> after(std::uint64_t number) const;
  // Ends when there is an event after `number`, or when the log is closed.
  [[nodiscard]] boost::asio::awaitable<void> wait_after(std::uint64_t number);

  // Wakes all who wait, for good.
  void close();
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  std::deque<Event> events_;
  std::uint64_t newest_ = 0;
  bool closed_ = false;
  boost::asio::steady_timer changed_;  // never expires: cancelling it wakes those who wait
};

}  // namespace essaim::node
