#include "transport/beacon_routes.hpp"

#include <optional>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::transport {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

const Interface kEthernet{.name = "eth0",
                          .index = 2,
                          .loopback = false,
                          .v4 = {{ip("10.77.0.1"), 24}, {ip("192.168.5.9"), 32}},
                          .link_local_v6 = ip("fe80::1%2")};
const Interface kLoopback{
    .name = "lo", .index = 1, .loopback = true, .v4 = {{ip("127.0.0.1"), 8}}, .link_local_v6 = std::nullopt};
const std::vector<Interface> kBoth{kLoopback, kEthernet};

struct Leaving {
  std::string_view to;
  std::optional<std::string_view> from;
};

void expect_routes(const Interface& interface, const std::vector<Leaving>& expected) {
  const auto routes = announce_routes(interface, 5000);
  ASSERT_EQ(routes.size(), expected.size());
  for (std::size_t i = 0; i < routes.size(); ++i) {
    EXPECT_EQ(routes[i].destination, (Endpoint{ip(expected[i].to), 5000})) << expected[i].to;
    EXPECT_EQ(routes[i].interface, interface.index);
    EXPECT_EQ(routes[i].source, expected[i].from ? std::optional(ip(*expected[i].from)) : std::nullopt);
  }
}

TEST(AnnounceRoutes, UseEveryWayFromEveryAddress) {
  expect_routes(kEthernet, {{"255.255.255.255", "10.77.0.1"},
                            {"10.77.0.255", "10.77.0.1"},
                            {"239.255.69.83", "10.77.0.1"},
                            {"255.255.255.255", "192.168.5.9"},
                            {"239.255.69.83", "192.168.5.9"},
                            {"ff12::6573:7361:696d", std::nullopt}});
}

TEST(AnnounceRoutes, UseOneWayToTheNodesOfThisMachine) { expect_routes(kLoopback, {{"127.255.255.255", "127.0.0.1"}}); }

TEST(PathOf, TellsHowADatagramWasSent) {
  struct Case {
    std::string_view destination;
    DatagramPath path;
  };
  for (const Case& c :
       {Case{"255.255.255.255", DatagramPath::kBroadcast}, Case{"10.77.0.255", DatagramPath::kBroadcast},
        Case{"127.255.255.255", DatagramPath::kBroadcast}, Case{"239.255.69.83", DatagramPath::kMulticast4},
        Case{"ff12::6573:7361:696d", DatagramPath::kMulticast6}, Case{"10.77.0.1", DatagramPath::kUnicast},
        Case{"10.77.1.255", DatagramPath::kUnicast}, Case{"fe80::1%2", DatagramPath::kUnicast}}) {
    EXPECT_EQ(path_of(ip(c.destination), kBoth), c.path) << c.destination;
  }
}

TEST(IsNear, IsWhatIsOnOurSubnetsAndLinks) {
  for (const auto* near : {"10.77.0.200", "127.0.0.1", "127.3.4.5", "192.168.5.9", "fe80::77%2"}) {
    EXPECT_TRUE(is_near(ip(near), kBoth)) << near;
  }
  for (const auto* far : {"10.77.1.1", "8.8.8.8", "192.168.5.8", "fe80::77%3", "fe80::77", "2001:db8::1", "::1"}) {
    EXPECT_FALSE(is_near(ip(far), kBoth)) << far;
  }
  EXPECT_FALSE(is_near(ip("127.0.0.1"), std::vector{kEthernet}));
}

TEST(IsOwn, IsAnAddressOfOurInterfaces) {
  for (const auto* own : {"10.77.0.1", "127.0.0.1", "192.168.5.9", "fe80::1%2"}) EXPECT_TRUE(is_own(ip(own), kBoth));
  for (const auto* other : {"10.77.0.2", "127.0.0.2", "fe80::2%2", "fe80::1%3"}) EXPECT_FALSE(is_own(ip(other), kBoth));
}

}  // namespace
}  // namespace essaim::transport
