#include "transport/beacon_routes.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace essaim::transport {
namespace {

bool is_multicast(const IpAddress& address) {
  return address.is_v4() ? (address.bytes[12] & 0xF0U) == 0xE0U : address.bytes[0] == 0xFFU;
}

bool is_link_local_v6(const IpAddress& address) {
  return address.bytes[0] == 0xFEU && (address.bytes[1] & 0xC0U) == 0x80U;
}

IpAddress limited_broadcast() { return IpAddress::v4(255, 255, 255, 255); }

}  // namespace

IpAddress multicast_group(IpFamily family) {
  const auto group = IpAddress::parse(family == IpFamily::kV4 ? kMulticastGroupV4 : kMulticastGroupV6);
  ASSERT(group);
  return *group;
}

std::vector<DatagramRoute> announce_routes(const Interface& interface, std::uint16_t port) {
  std::vector<DatagramRoute> routes;
  for (const InterfaceAddress& from : interface.v4) {
    const auto add = [&](const IpAddress& to) { routes.push_back({{to, port}, interface.index, from.address}); };
    if (!interface.loopback) add(limited_broadcast());
    if (const auto directed = directed_broadcast(from)) add(*directed);
    if (!interface.loopback) add(multicast_group(IpFamily::kV4));
  }
  if (interface.link_local_v6) routes.push_back({{multicast_group(IpFamily::kV6), port}, interface.index});
  return routes;
}

DatagramPath path_of(const IpAddress& destination, std::span<const Interface> interfaces) {
  if (is_multicast(destination)) return destination.is_v4() ? DatagramPath::kMulticast4 : DatagramPath::kMulticast6;
  if (destination == limited_broadcast()) return DatagramPath::kBroadcast;
  const bool directed = std::ranges::any_of(interfaces, [&](const Interface& interface) {
    return std::ranges::any_of(
        interface.v4, [&](const InterfaceAddress& address) { return directed_broadcast(address) == destination; });
  });
  return directed ? DatagramPath::kBroadcast : DatagramPath::kUnicast;
}

bool is_near(const IpAddress& source, std::span<const Interface> interfaces) {
  return std::ranges::any_of(interfaces, [&](const Interface& interface) {
    if (!source.is_v4()) return is_link_local_v6(source) && source.scope == interface.index;
    return std::ranges::any_of(interface.v4, [&](const InterfaceAddress& a) { return is_in_subnet(a, source); });
  });
}

bool is_own(const IpAddress& source, std::span<const Interface> interfaces) {
  return std::ranges::any_of(interfaces, [&](const Interface& interface) {
    return interface.link_local_v6 == source ||
           std::ranges::find(interface.v4, source, &InterfaceAddress::address) != interface.v4.end();
  });
}

}  // namespace essaim::transport
