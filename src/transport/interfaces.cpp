#include "transport/interfaces.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <bit>
#include <cstring>
#include <ifaddrs.h>
#include <map>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace essaim::transport {
namespace {

constexpr std::size_t kV4Offset = 12;  // of an IPv4 address in IpAddress::bytes

std::uint32_t v4_number(const IpAddress& address) {
  std::uint32_t network_order = 0;
  std::memcpy(&network_order, address.bytes.data() + kV4Offset, sizeof network_order);
  return ntohl(network_order);
}

IpAddress v4_address(std::uint32_t number) {
  return IpAddress::v4(static_cast<std::uint8_t>(number >> 24U), static_cast<std::uint8_t>(number >> 16U & 0xFFU),
                       static_cast<std::uint8_t>(number >> 8U & 0xFFU), static_cast<std::uint8_t>(number & 0xFFU));
}

std::uint32_t host_mask(unsigned prefix_bits) { return prefix_bits == 0 ? ~0U : (1U << (32U - prefix_bits)) - 1U; }

template <class SocketAddress>
SocketAddress read_as(const sockaddr* address) {
  SocketAddress value{};
  std::memcpy(&value, address, sizeof value);
  return value;
}

// While the system still checks that nobody else has an address ("tentative"), it lets nobody bind it.
bool is_usable(const sockaddr_in6& address) {
  const int probe = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  sockaddr_in6 any_port = address;
  any_port.sin6_port = 0;
  const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&any_port), sizeof any_port) == 0;
  ::close(probe);
  return bound;
}

void add_v4(Interface& interface, const ifaddrs& entry) {
  if (entry.ifa_netmask == nullptr || interface.v4.size() >= kAddressesPerInterfaceMax) return;
  const auto address = read_as<sockaddr_in>(entry.ifa_addr);
  const auto netmask = read_as<sockaddr_in>(entry.ifa_netmask);
  interface.v4.push_back(
      {v4_address(ntohl(address.sin_addr.s_addr)), static_cast<unsigned>(std::popcount(netmask.sin_addr.s_addr))});
}

void add_v6(Interface& interface, const ifaddrs& entry) {
  const auto address = read_as<sockaddr_in6>(entry.ifa_addr);
  if (interface.link_local_v6 || !IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr) || !is_usable(address)) return;
  IpAddress link_local;
  std::memcpy(link_local.bytes.data(), &address.sin6_addr, link_local.bytes.size());
  link_local.scope = interface.index;
  interface.link_local_v6 = link_local;
}

bool is_wanted(const ifaddrs& entry) {
  constexpr unsigned kWorking = IFF_UP | IFF_RUNNING;
  return entry.ifa_addr != nullptr && (entry.ifa_flags & kWorking) == kWorking &&
         (entry.ifa_flags & IFF_POINTOPOINT) == 0;
}

}  // namespace

std::optional<IpAddress> directed_broadcast(const InterfaceAddress& address) {
  if (address.prefix_bits > 30) return std::nullopt;
  return v4_address(v4_number(address.address) | host_mask(address.prefix_bits));
}

bool is_in_subnet(const InterfaceAddress& subnet, const IpAddress& address) {
  if (!address.is_v4()) return false;
  const std::uint32_t differing = v4_number(subnet.address) ^ v4_number(address);
  return subnet.prefix_bits >= 32 ? differing == 0 : (differing & ~host_mask(subnet.prefix_bits)) == 0;
}

std::vector<Interface> list_interfaces() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);

  std::map<std::uint32_t, Interface> by_index;
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
    if (!is_wanted(*entry)) continue;
    const int family = entry->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const unsigned index = ::if_nametoindex(entry->ifa_name);
    if (index == 0) continue;  // it went while we looked
    Interface& interface = by_index[index];
    interface.name = entry->ifa_name;
    interface.index = index;
    interface.loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0;
    family == AF_INET ? add_v4(interface, *entry) : add_v6(interface, *entry);
  }

  std::vector<Interface> interfaces;
  for (auto& [index, interface] : by_index) {
    if (interface.v4.empty() && !interface.link_local_v6) continue;
    std::ranges::sort(interface.v4, {}, &InterfaceAddress::address);
    if (interfaces.size() < kInterfacesMax) interfaces.push_back(std::move(interface));
  }
  return interfaces;
}

std::vector<Interface> only_named(std::vector<Interface> interfaces, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return interfaces;
  std::erase_if(interfaces, [&](const Interface& i) { return std::ranges::find(wanted, i.name) == wanted.end(); });
  return interfaces;
}

bool has_news(const InterfaceChange& change) {
  return std::ranges::any_of(change.after, [&](const Interface& interface) {
    return std::ranges::find(change.before, interface) == change.before.end();
  });
}

}  // namespace essaim::transport
