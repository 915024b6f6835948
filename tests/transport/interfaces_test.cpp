#include "transport/interfaces.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/endpoint.hpp"

namespace essaim::transport {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

Interface ethernet(std::uint32_t index, std::string_view address) {
  return {.name = "eth" + std::to_string(index),
          .index = index,
          .loopback = false,
          .v4 = {{ip(address), 24}},
          .link_local_v6 = std::nullopt};
}

TEST(DirectedBroadcast, IsTheLastAddressOfASubnetThatHasOne) {
  struct Case {
    std::string_view address;
    unsigned prefix_bits;
    std::string_view broadcast;
  };
  for (const Case& c : {Case{"10.77.0.1", 24, "10.77.0.255"}, Case{"10.77.0.1", 8, "10.255.255.255"},
                        Case{"127.0.0.1", 8, "127.255.255.255"}, Case{"192.168.3.77", 26, "192.168.3.127"},
                        Case{"10.0.0.1", 30, "10.0.0.3"}, Case{"10.0.0.1", 0, "255.255.255.255"}}) {
    EXPECT_EQ(directed_broadcast({ip(c.address), c.prefix_bits}), ip(c.broadcast)) << c.address << "/" << c.prefix_bits;
  }
  EXPECT_EQ(directed_broadcast({ip("10.0.0.1"), 31}), std::nullopt);
  EXPECT_EQ(directed_broadcast({ip("10.0.0.1"), 32}), std::nullopt);
}

TEST(IsInSubnet, KnowsItsEdges) {
  struct Case {
    std::string_view subnet;
    unsigned prefix_bits;
    std::string_view inside;
    std::string_view outside;
  };
  for (const Case& c :
       {Case{"10.77.0.1", 24, "10.77.0.255", "10.77.1.0"}, Case{"10.77.0.1", 25, "10.77.0.127", "10.77.0.128"},
        Case{"127.0.0.1", 8, "127.255.0.1", "128.0.0.1"}, Case{"10.0.0.1", 32, "10.0.0.1", "10.0.0.2"},
        Case{"10.0.0.1", 31, "10.0.0.0", "10.0.0.2"}}) {
    EXPECT_TRUE(is_in_subnet({ip(c.subnet), c.prefix_bits}, ip(c.inside))) << c.inside;
    EXPECT_FALSE(is_in_subnet({ip(c.subnet), c.prefix_bits}, ip(c.outside))) << c.outside;
  }
  EXPECT_TRUE(is_in_subnet({ip("10.0.0.1"), 0}, ip("203.0.113.9")));
  EXPECT_FALSE(is_in_subnet({ip("10.0.0.1"), 0}, ip("fe80::1")));
}

TEST(ListInterfaces, HasTheLoopbackInterface) {
  const auto interfaces = list_interfaces();
  const auto loopback = std::ranges::find(interfaces, true, &Interface::loopback);
  ASSERT_NE(loopback, interfaces.end());
  ASSERT_FALSE(loopback->v4.empty());
  EXPECT_TRUE(loopback->v4.front().address.is_loopback());
  EXPECT_EQ(loopback->v4.front().prefix_bits, 8U);
  EXPECT_NE(loopback->index, 0U);
  EXPECT_TRUE(std::ranges::is_sorted(interfaces, {}, &Interface::index));
}

TEST(OnlyNamed, KeepsAllWhereNoneIsNamed) {
  const std::vector<Interface> both{ethernet(2, "10.0.0.1"), ethernet(3, "10.0.1.1")};
  EXPECT_EQ(only_named(both, {}), both);
  EXPECT_EQ(only_named(both, {"eth3", "wlan0"}), std::vector{both[1]});
  EXPECT_TRUE(only_named(both, {"wlan0"}).empty());
}

TEST(HasNews, IsWhatCameOrChangedButNotWhatWent) {
  const Interface one = ethernet(2, "10.0.0.1");
  const Interface moved = ethernet(2, "10.0.0.9");
  const Interface other = ethernet(3, "10.0.1.1");
  const auto news = [](const std::vector<Interface>& before, const std::vector<Interface>& after) {
    return has_news({.before = before, .after = after});
  };
  EXPECT_FALSE(news({one}, {one}));
  EXPECT_FALSE(news({one, other}, {one}));
  EXPECT_TRUE(news({}, {one}));
  EXPECT_TRUE(news({one}, {one, other}));
  EXPECT_TRUE(news({one}, {moved}));
  Interface with_v6 = one;
  with_v6.link_local_v6 = ip("fe80::1%2");
  EXPECT_TRUE(news({one}, {with_v6}));
}

}  // namespace
}  // namespace essaim::transport
