#include "transport/asio_endpoint.hpp"

#include <algorithm>
#include <array>

namespace essaim::transport {

boost::asio::ip::address to_asio(const IpAddress& address) {
  if (address.is_v4()) {
    const auto& b = address.bytes;
    return boost::asio::ip::address_v4({b[12], b[13], b[14], b[15]});
  }
  boost::asio::ip::address_v6::bytes_type bytes;
  std::ranges::copy(address.bytes, bytes.begin());
  return boost::asio::ip::address_v6(bytes, address.scope);
}

boost::asio::ip::tcp::endpoint to_asio(const Endpoint& endpoint) { return {to_asio(endpoint.address), endpoint.port}; }

IpAddress from_asio(const boost::asio::ip::address& address) {
  if (address.is_v4()) {
    const auto b = address.to_v4().to_bytes();
    return IpAddress::v4(b[0], b[1], b[2], b[3]);
  }
  IpAddress ours;
  std::ranges::copy(address.to_v6().to_bytes(), ours.bytes.begin());
  // An address that is no link-local one has no scope, whatever the system filled in.
  if (address.to_v6().is_link_local()) ours.scope = static_cast<std::uint32_t>(address.to_v6().scope_id());
  return ours;
}

Endpoint from_asio(const boost::asio::ip::tcp::endpoint& endpoint) {
  return {from_asio(endpoint.address()), endpoint.port()};
}

}  // namespace essaim::transport
