#include "transport/datagram_socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

#include <boost/asio/ip/v6_only.hpp>

namespace essaim::transport {
namespace {

using boost::asio::ip::udp;

constexpr std::size_t kV4Offset = 12;  // of an IPv4 address in IpAddress::bytes
constexpr std::size_t kControlBytes = 128;

std::error_code last_error() { return {errno, std::generic_category()}; }

in_addr to_in_addr(const IpAddress& address) {
  in_addr value{};
  std::memcpy(&value, address.bytes.data() + kV4Offset, sizeof value);
  return value;
}

in6_addr to_in6_addr(const IpAddress& address) {
  in6_addr value{};
  std::memcpy(&value, address.bytes.data(), sizeof value);
  return value;
}

IpAddress from_in_addr(const in_addr& value) {
  IpAddress address = IpAddress::v4(0, 0, 0, 0);
  std::memcpy(address.bytes.data() + kV4Offset, &value, sizeof value);
  return address;
}

IpAddress from_in6_addr(const in6_addr& value, std::uint32_t scope) {
  IpAddress address;
  std::memcpy(address.bytes.data(), &value, sizeof value);
  if (IN6_IS_ADDR_LINKLOCAL(&value)) address.scope = scope;
  return address;
}

Endpoint from_socket_address(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &storage, sizeof address);
    return {from_in_addr(address.sin_addr), ntohs(address.sin_port)};
  }
  sockaddr_in6 address{};
  std::memcpy(&address, &storage, sizeof address);
  return {from_in6_addr(address.sin6_addr, address.sin6_scope_id), ntohs(address.sin6_port)};
}

// The scope also chooses the interface, for multicast.
sockaddr_in6 to_sockaddr_in6(const DatagramRoute& route) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(route.destination.port);
  address.sin6_addr = to_in6_addr(route.destination.address);
  address.sin6_scope_id = route.destination.address.scope != 0 ? route.destination.address.scope : route.interface;
  return address;
}

sockaddr_in to_sockaddr_in(const Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  address.sin_addr = to_in_addr(endpoint.address);
  return address;
}

template <class Value>
std::error_code set_option(udp::socket& socket, int level, int name, const Value& value) {
  if (::setsockopt(socket.native_handle(), level, name, &value, sizeof value) != 0) return last_error();
  return {};
}

// Packet information with each datagram, broadcasts allowed, and only the groups that this very socket has joined.
std::error_code set_options(udp::socket& socket, IpFamily family) {
  const int on = 1;
  const int off = 0;
  if (family == IpFamily::kV6) {
    // Systems without IPV6_MULTICAST_ALL hand in other programs' groups too, which does no harm.
    (void)set_option(socket, IPPROTO_IPV6, IPV6_MULTICAST_ALL, off);
    return set_option(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, on);
  }
  (void)set_option(socket, IPPROTO_IP, IP_MULTICAST_ALL, off);
  if (const auto error = set_option(socket, SOL_SOCKET, SO_BROADCAST, on)) return error;
  return set_option(socket, IPPROTO_IP, IP_PKTINFO, on);
}

template <class PacketInfo>
void add_packet_info(msghdr& message, int level, int type, const PacketInfo& info) {
  message.msg_controllen = CMSG_SPACE(sizeof info);
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = level;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(header), &info, sizeof info);
}

void read_packet_info(msghdr& message, ReceivedDatagram& datagram) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(header), sizeof info);
      datagram.destination = from_in_addr(info.ipi_addr);
      datagram.interface = static_cast<std::uint32_t>(info.ipi_ifindex);
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(header), sizeof info);
      datagram.destination = from_in6_addr(info.ipi6_addr, info.ipi6_ifindex);
      datagram.interface = info.ipi6_ifindex;
    }
  }
}

}  // namespace

DatagramSocket::DatagramSocket(udp::socket socket, IpFamily family) : socket_(std::move(socket)), family_(family) {}

Expected<DatagramSocket, std::error_code> DatagramSocket::open(const boost::asio::any_io_executor& executor,
                                                               IpFamily family, std::uint16_t port, PortUse use) {
  const udp protocol = family == IpFamily::kV4 ? udp::v4() : udp::v6();
  udp::socket socket(executor);
  boost::system::error_code error;
  socket.open(protocol, error);
  if (!error && family == IpFamily::kV6) socket.set_option(boost::asio::ip::v6_only(true), error);
  if (!error && use == PortUse::kShared) socket.set_option(udp::socket::reuse_address(true), error);
  if (!error) socket.bind({protocol, port}, error);
  if (!error) socket.non_blocking(true, error);
  if (error) return fail(std::error_code(error));
  if (const auto failed = set_options(socket, family)) return fail(failed);
  DatagramSocket opened(std::move(socket), family);
  opened.port_ = opened.socket_.local_endpoint(error).port();
  return opened;
}

std::error_code DatagramSocket::join(const IpAddress& group, std::uint32_t interface) {
  if (family_ == IpFamily::kV6) {
    return set_option(socket_, IPPROTO_IPV6, IPV6_JOIN_GROUP, ipv6_mreq{to_in6_addr(group), interface});
  }
  return set_option(socket_, IPPROTO_IP, IP_ADD_MEMBERSHIP,
                    ip_mreqn{to_in_addr(group), {}, static_cast<int>(interface)});
}

void DatagramSocket::leave(const IpAddress& group, std::uint32_t interface) {
  // Fails where the interface is gone, and its memberships with it.
  if (family_ == IpFamily::kV6) {
    (void)set_option(socket_, IPPROTO_IPV6, IPV6_LEAVE_GROUP, ipv6_mreq{to_in6_addr(group), interface});
  } else {
    (void)set_option(socket_, IPPROTO_IP, IP_DROP_MEMBERSHIP,
                     ip_mreqn{to_in_addr(group), {}, static_cast<int>(interface)});
  }
}

std::error_code DatagramSocket::send(ByteView datagram, const DatagramRoute& route) {
  sockaddr_in v4 = to_sockaddr_in(route.destination);
  sockaddr_in6 v6 = to_sockaddr_in6(route);
  iovec bytes{const_cast<std::uint8_t*>(datagram.data()), datagram.size()};
  alignas(cmsghdr) std::array<std::uint8_t, kControlBytes> control{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  if (family_ == IpFamily::kV6) {
    message.msg_name = &v6;
    message.msg_namelen = sizeof v6;
  } else {
    message.msg_name = &v4;
    message.msg_namelen = sizeof v4;
    if (route.interface != 0) {
      in_pktinfo info{};
      info.ipi_ifindex = static_cast<int>(route.interface);
      if (route.source) info.ipi_spec_dst = to_in_addr(*route.source);
      message.msg_control = control.data();
      add_packet_info(message, IPPROTO_IP, IP_PKTINFO, info);
    }
  }
  if (::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) return last_error();
  return {};
}

Expected<ReceivedDatagram, std::error_code> DatagramSocket::receive(MutableByteView buffer) {
  sockaddr_storage source{};
  iovec bytes{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<std::uint8_t, kControlBytes> control{};
  msghdr message{};
  message.msg_name = &source;
  message.msg_namelen = sizeof source;
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t length = ::recvmsg(socket_.native_handle(), &message, MSG_TRUNC | MSG_DONTWAIT);
  if (length < 0) return fail(last_error());
  ReceivedDatagram datagram;
  datagram.bytes = static_cast<std::size_t>(length);
  datagram.source = from_socket_address(source);
  read_packet_info(message, datagram);
  return datagram;
}

}  // namespace essaim::transport
