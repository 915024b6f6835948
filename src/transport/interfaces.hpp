// The network interfaces that peers can be met on.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/endpoint.hpp"

namespace essaim::transport {

// An IPv4 address of an interface, and its subnet.
struct InterfaceAddress {
  IpAddress address;
  unsigned prefix_bits = 32;  // 0..32
  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

struct Interface {
  std::string name;
  std::uint32_t index = 0;
  bool loopback = false;
  std::vector<InterfaceAddress> v4;
  std::optional<IpAddress> link_local_v6;  // with its scope; only once the system lets it be used
  friend bool operator==(const Interface&, const Interface&) = default;
};

// The subnet's directed broadcast address; nothing for subnets that have none (/31, /32). Computed, because systems
// leave it out of an interface's settings where they like.
[[nodiscard]] std::optional<IpAddress> directed_broadcast(const InterfaceAddress& address);
[[nodiscard]] bool is_in_subnet(const InterfaceAddress& subnet, const IpAddress& address);

inline constexpr std::size_t kInterfacesMax = 64;
inline constexpr std::size_t kAddressesPerInterfaceMax = 8;

// The interfaces that are up with a working link, not point to point, and have an address that we can use, sorted by
// index; at most kInterfacesMax, each with at most kAddressesPerInterfaceMax addresses. Empty also where the system
// does not tell.
[[nodiscard]] std::vector<Interface> list_interfaces();

// Only those whose names are in `wanted`; all of them where `wanted` is empty.
[[nodiscard]] std::vector<Interface> only_named(std::vector<Interface> interfaces,
                                                const std::vector<std::string>& wanted);

// Did an interface come, or change its addresses? One that only went is nothing to announce.
struct InterfaceChange {
  const std::vector<Interface>& before;
  const std::vector<Interface>& after;
};
[[nodiscard]] bool has_news(const InterfaceChange& change);

}  // namespace essaim::transport
