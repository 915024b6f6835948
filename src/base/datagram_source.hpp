// Where a datagram came from, as a value.
#pragma once
#include <compare>
#include <cstdint>
#include <string_view>

#include "base/endpoint.hpp"

namespace essaim {

// How a datagram was addressed, which tells what this network lets through.
enum class DatagramPath {
  kBroadcast,   // 255.255.255.255, or a subnet's directed broadcast
  kMulticast4,  // our IPv4 group
  kMulticast6,  // our IPv6 link-local group
  kUnicast,
};

[[nodiscard]] constexpr std::string_view to_string(DatagramPath path) {
  switch (path) {
    case DatagramPath::kBroadcast: return "broadcast";
    case DatagramPath::kMulticast4: return "IPv4 multicast";
    case DatagramPath::kMulticast6: return "IPv6 multicast";
    case DatagramPath::kUnicast: return "unicast";
  }
  return "";
}

struct DatagramSource {
  Endpoint endpoint;  // the sender's address and UDP port
  DatagramPath path = DatagramPath::kUnicast;
  std::uint32_t interface = 0;  // index of the interface it came in on; 0: not known
  friend auto operator<=>(const DatagramSource&, const DatagramSource&) = default;
};

}  // namespace essaim
