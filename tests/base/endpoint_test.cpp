#include "base/endpoint.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace essaim {
namespace {

std::string read(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address ? address->text() : "refused";
}

TEST(IpAddress, IsWrittenInItsOneShortForm) {
  const std::array<std::pair<std::string_view, std::string_view>, 17> cases{{
      {"10.0.0.1", "10.0.0.1"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"2001:DB8::00AB", "2001:db8::ab"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"},
      {"1:0:0:4:5:0:0:8", "1::4:5:0:0:8"},
      {"1:0:0:4:0:0:0:8", "1:0:0:4::8"},
      {"::ffff:10.0.0.1", "10.0.0.1"},
      {"::ffff:a00:1", "10.0.0.1"},
      {"64:ff9b::10.0.0.1", "64:ff9b::a00:1"},
      {"1:2:3:4:5:6:10.0.0.1", "1:2:3:4:5:6:a00:1"},
      {"fe80::1%3", "fe80::1%3"},
      {"ff02::1%4294967295", "ff02::1%4294967295"},
  }};
  for (const auto& [text, shown] : cases) {
    EXPECT_EQ(read(text), shown) << text;
    EXPECT_EQ(IpAddress::parse(shown), IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  for (const std::string_view text : {"",
                                      "localhost",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "1.2.3.256",
                                      "01.2.3.4",
                                      "1.2.3.-4",
                                      "1.2.3.4 ",
                                      "1..3.4",
                                      "0x1.2.3.4",
                                      ":",
                                      ":::",
                                      "1::2::3",
                                      "1:2:3:4:5:6:7",
                                      "12345::",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1:2:3:4:5:6:7:8::",
                                      "g::",
                                      "::-1",
                                      "1.2.3.4::",
                                      "1.2.3.4::1",
                                      "::1.2.3.4:5",
                                      "::1.2.3",
                                      "[::1]",
                                      "fe80::1%",
                                      "fe80::1%eth0",
                                      "fe80::1%-1",
                                      "fe80::1%0",
                                      "fe80::1%4294967296",
                                      "10.0.0.1%3",
                                      "::ffff:10.0.0.1%3",
                                      "2001:db8::1%3"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
}

TEST(IpAddress, KnowsItsFamilyAndWhetherItIsLoopback) {
  EXPECT_TRUE(IpAddress::v4(127, 1, 2, 3).is_loopback());
  EXPECT_TRUE(IpAddress::parse("::1")->is_loopback());
  EXPECT_FALSE(IpAddress::v4(10, 0, 0, 1).is_loopback());
  EXPECT_FALSE(IpAddress::parse("2::1")->is_loopback());
  EXPECT_FALSE(IpAddress::parse("::")->is_loopback());
  EXPECT_TRUE(IpAddress::parse("::ffff:1.2.3.4")->is_v4());
  EXPECT_FALSE(IpAddress::parse("::1.2.3.4")->is_v4());
}

TEST(Endpoint, ReadsWhatItWrites) {
  for (const std::string_view text : {"10.0.0.1:5001", "[::1]:0", "[fe80::1%3]:65535", "[2001:db8::]:80"}) {
    const auto endpoint = Endpoint::parse(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(endpoint->text(), text);
  }
}

TEST(Endpoint, RefusesWhatIsNoEndpoint) {
  for (const std::string_view text :
       {"", ":", ":5001", "10.0.0.1", "10.0.0.1:", "10.0.0.1:65536", "10.0.0.1:-1", "10.0.0.1:+1", "10.0.0.1: 1",
        "[10.0.0.1]:5001", "::1:5001", "[::1]", "[::1]5001", "[::1:5001", "::1]:5001", "[]:5001", "host:5001"}) {
    EXPECT_FALSE(Endpoint::parse(text)) << text;
  }
}

TEST(Endpoint, AMappedAddressIsTheSameEndpoint) {
  EXPECT_EQ(Endpoint::parse("[::ffff:10.0.0.1]:5001"), Endpoint::parse("10.0.0.1:5001"));
}

}  // namespace
}  // namespace essaim
