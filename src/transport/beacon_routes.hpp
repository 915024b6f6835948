// What the beacon works out from the list of interfaces. No sockets here.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/datagram_source.hpp"
#include "base/endpoint.hpp"
#include "transport/datagram_socket.hpp"
#include "transport/interfaces.hpp"

namespace essaim::transport {

// Our groups. IPv4: administratively scoped, site-local (RFC 2365), "ES" in ASCII; IPv6: transient, link-local
// (RFC 4291), "essaim". Datagrams to either are sent with a TTL of 1: they stay on the link.
inline constexpr std::string_view kMulticastGroupV4 = "239.255.69.83";
inline constexpr std::string_view kMulticastGroupV6 = "ff12::6573:7361:696d";
[[nodiscard]] IpAddress multicast_group(IpFamily family);

// All ways in which one announcement leaves by this interface: for each IPv4 address 255.255.255.255, the directed
// broadcast of its subnet and the IPv4 group, once the IPv6 group. On the loopback interface the directed broadcast
// alone, because each of them reaches every node of the machine there.
[[nodiscard]] std::vector<DatagramRoute> announce_routes(const Interface& interface, std::uint16_t port);

// How a datagram with this destination address was sent.
[[nodiscard]] DatagramPath path_of(const IpAddress& destination, std::span<const Interface> interfaces);

// Is the source in a subnet of these interfaces (IPv4), or on the link of one (IPv6)?
[[nodiscard]] bool is_near(const IpAddress& source, std::span<const Interface> interfaces);

// Is it an address of these interfaces?
[[nodiscard]] bool is_own(const IpAddress& source, std::span<const Interface> interfaces);

}  // namespace essaim::transport
