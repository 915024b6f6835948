// Discovery's voice and ear: sends one datagram to everybody near, and hands in what others send.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/bytes.hpp"
#include "base/datagram_source.hpp"
#include "base/endpoint.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "transport/interfaces.hpp"

namespace essaim::transport {

struct BeaconOptions {
  std::uint16_t discovery_port = 5000;  // 0: any free one
  // The UDP port that we send from and get answers at: ours alone. 0, or one that is taken: any free one.
  // Rationale for setting it (to the node's TCP port): one firewall rule a person writes then covers both.
  std::uint16_t own_port = 0;
  std::vector<std::string> interfaces;  // names; empty: all
  std::vector<Endpoint> also_to;        // addresses beyond our subnets, announced to by unicast, and listened to
};

enum class BeaconError {
  kPortTaken,     // a program that does not share it holds the discovery port
  kNotPermitted,  // the system forbids it
  kNoSockets,     // out of file descriptors or memory, or no network at all
};
[[nodiscard]] std::string_view to_string(BeaconError error);

// For `doctor`: an interface that we announce on, and how that goes.
struct InterfaceReport {
  Interface interface;
  std::uint64_t datagrams_sent = 0;
  std::uint64_t send_errors = 0;
  std::error_code last_error;  // of the last sending that failed
  bool failing = false;        // the last sending to it failed
};

struct BeaconCounters {
  std::uint64_t received = 0;  // and handed in
  std::uint64_t too_long = 0;  // dropped: more than wire::kDatagramBytesMax bytes
  std::uint64_t foreign = 0;   // dropped: from beyond our subnets, and not in also_to
  std::uint64_t own = 0;       // dropped: our own, come back
  std::uint64_t sent = 0;
  std::uint64_t send_errors = 0;
};

// Everything happens on the one thread that runs `executor`, whose context outlives the beacon; so does the log.
//  - It listens on the discovery port, which it shares with every other node of the machine: each of them hears every
//    broadcast and multicast datagram, but a unicast one reaches only one of them. So all that it sends leaves from a
//    port of its own, and an answer goes to the address *and port* that the question came from.
//  - On each interface, and for each of its IPv4 addresses: 255.255.255.255, the subnet's directed broadcast and the
//    IPv4 group; and once to the IPv6 group. Rationale: access points and switches each lose another one of these. On
//    the loopback interface only 127.255.255.255, which reaches every node of the machine.
//  - What comes from beyond the subnets of these interfaces is dropped, except from the addresses in `also_to`.
//  - Neither a flood nor a dead network is more than counters: at most kDatagramsPerWakeup are read before others get
//    their turn, and sending errors are logged at most once a second.
class Beacon {
 public:
  static constexpr int kDatagramsPerWakeup = 64;

  // The bytes are valid during the call only.
  using OnDatagram = std::function<void(ByteView datagram, const DatagramSource& source)>;
  // An interface came, or changed its address: announce again. The new one is in use by then.
  using OnNetworkChange = std::function<void()>;

  Beacon(const boost::asio::any_io_executor& executor, BeaconOptions options, Log& log);
  Beacon(const Beacon&) = delete;
  Beacon& operator=(const Beacon&) = delete;
  ~Beacon();

  // Once. Neither handler is called before it returns, nor after stop(); either may stop or destroy the beacon.
  [[nodiscard]] Expected<void, BeaconError> start(OnDatagram on_datagram, OnNetworkChange on_network_change);
  void stop();

  void send_everywhere(ByteView datagram);
  // Answers where `source` was.
  void send_to(ByteView datagram, const DatagramSource& source);

  [[nodiscard]] std::vector<InterfaceReport> interfaces() const;
  [[nodiscard]] const BeaconCounters& counters() const;
  // The ports that it listens on and sends from; 0 while it does not run.
  [[nodiscard]] std::uint16_t discovery_port() const;
  [[nodiscard]] std::uint16_t own_port() const;

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace essaim::transport
