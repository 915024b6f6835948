// Finds the peers of a local network: announces this one by UDP, and hears the others.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "essaim/result.hpp"

namespace essaim {

struct DiscoveryOptions {
  std::uint16_t udp_port = 5000;        // the same at every peer; shared with other programs of this machine. 0: any
  std::uint16_t tcp_port = 5001;        // announced as the one that this peer listens on
  std::vector<std::string> interfaces;  // names; empty: all
};

struct FoundPeer {
  std::string peer_id;  // its own words: a datagram proves nothing
  std::string ip;       // where the announcement came from
  std::uint16_t port = 0;
};

// Announces three times in the first half second and then every ten seconds. Announcements come from plain peers and
// from whole nodes; those that break the protocol or come in floods are dropped.
//
// The callback runs on a thread of this object, once for each announcement heard, so about every ten seconds for each
// peer, and never after stop() has returned. It must neither start nor destroy the object; all else is allowed
// there.
class Discovery {
 public:
  using OnPeer = std::function<void(const FoundPeer& peer)>;

  // `peer_id`: 1 to 128 bytes of UTF-8.
  explicit Discovery(std::string peer_id, DiscoveryOptions options = {});
  Discovery(const Discovery&) = delete;
  Discovery& operator=(const Discovery&) = delete;
  ~Discovery();

  Result<> start(OnPeer on_peer);
  // Says goodbye. It can be started again.
  void stop();

  // The one in use; 0 while it is stopped.
  [[nodiscard]] std::uint16_t udp_port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace essaim
