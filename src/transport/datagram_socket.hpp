// A UDP socket that knows where each datagram was sent to, and says where each one leaves.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <system_error>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/udp.hpp>

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"

namespace essaim::transport {

enum class IpFamily { kV4, kV6 };

// Whether other programs may bind the same port.
enum class PortUse {
  kShared,  // SO_REUSEADDR: each of its sockets gets every broadcast and multicast datagram, one of them the rest
  kExclusive,
};

struct ReceivedDatagram {
  std::size_t bytes = 0;  // that it had; more than the buffer holds if it was cut
  Endpoint source;
  IpAddress destination;        // as in its header
  std::uint32_t interface = 0;  // index; 0: not known
};

// What leaves where.
struct DatagramRoute {
  Endpoint destination;
  // The interface to leave by, whatever the routing table says; 0: the system chooses. Rationale: IP_MULTICAST_IF does
  // not steer 255.255.255.255, while the packet information of sendmsg (IP_PKTINFO) steers broadcast and multicast
  // alike, and needs no default route, no rights and no socket for each interface.
  std::uint32_t interface = 0;
  std::optional<IpAddress> source = std::nullopt;  // IPv4 only; for IPv6 the system knows the interface's own
};

// All calls on one thread; none blocks.
class DatagramSocket {
 public:
  [[nodiscard]] static Expected<DatagramSocket, std::error_code> open(const boost::asio::any_io_executor& executor,
                                                                      IpFamily family, std::uint16_t port, PortUse use);

  [[nodiscard]] std::error_code join(const IpAddress& group, std::uint32_t interface);
  void leave(const IpAddress& group, std::uint32_t interface);

  [[nodiscard]] std::error_code send(ByteView datagram, const DatagramRoute& route);
  // The next datagram that is there; std::errc::operation_would_block if none is.
  [[nodiscard]] Expected<ReceivedDatagram, std::error_code> receive(MutableByteView buffer);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] IpFamily family() const { return family_; }
  // For waiting; reading and writing go through the calls above.
  [[nodiscard]] boost::asio::ip::udp::socket& native() { return socket_; }

 private:
  DatagramSocket(boost::asio::ip::udp::socket socket, IpFamily family);

  boost::asio::ip::udp::socket socket_;
  IpFamily family_;
  std::uint16_t port_ = 0;
};

}  // namespace essaim::transport
