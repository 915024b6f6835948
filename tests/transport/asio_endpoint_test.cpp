#include "transport/asio_endpoint.hpp"

#include <gtest/gtest.h>

namespace essaim::transport {
namespace {

TEST(AsioEndpoint, ComesBackAsItWent) {
  for (const char* text : {"10.1.2.3:5001", "0.0.0.0:0", "[2001:db8::1]:65535", "[fe80::1%3]:5001", "[::1]:1"}) {
    const auto endpoint = Endpoint::parse(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(from_asio(to_asio(*endpoint)), *endpoint) << text;
  }
}

TEST(AsioEndpoint, TakesIpv4InIpv6ForIpv4) {
  const auto mapped = boost::asio::ip::make_address("::ffff:10.1.2.3");
  ASSERT_TRUE(mapped.is_v6());
  EXPECT_EQ(from_asio(mapped), IpAddress::v4(10, 1, 2, 3));
  EXPECT_TRUE(to_asio(from_asio(mapped)).is_v4());
}

TEST(AsioEndpoint, DropsAScopeThatMeansNothing) {
  EXPECT_EQ(from_asio(boost::asio::ip::address_v6(boost::asio::ip::make_address_v6("2001:db8::1").to_bytes(), 4)),
            IpAddress::parse("2001:db8::1"));
}

}  // namespace
}  // namespace essaim::transport
