// Our endpoints and Asio's, into each other.
#pragma once
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/endpoint.hpp"

namespace essaim::transport {

// IPv4 becomes an IPv4 address of Asio's, never ::ffff:a.b.c.d.
[[nodiscard]] boost::asio::ip::address to_asio(const IpAddress& address);
[[nodiscard]] boost::asio::ip::tcp::endpoint to_asio(const Endpoint& endpoint);

// IPv4 and IPv4 in IPv6 (what a dual-stack listener sees) give the same address.
[[nodiscard]] IpAddress from_asio(const boost::asio::ip::address& address);
[[nodiscard]] Endpoint from_asio(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace essaim::transport
