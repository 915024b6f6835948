#include "transport/beacon.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "wire/limits.hpp"

namespace essaim::transport {
namespace {

using boost::asio::ip::udp;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::chrono::seconds kPatience{20};

// Everything on the loopback interface, and on ports that the system chose.
struct BeaconTest : testing::Test {
  struct Node {
    std::optional<Beacon> beacon;
    std::vector<std::pair<std::string, DatagramSource>> heard;

    [[nodiscard]] std::vector<std::string> texts() const {
      std::vector<std::string> texts;
      for (const auto& [text, source] : heard) texts.push_back(text);
      return texts;
    }
  };

  boost::asio::io_context io;
  NullLog log;
  std::uint16_t port = 0;

  [[nodiscard]] BeaconOptions options() const { return {.discovery_port = port, .interfaces = {"lo"}}; }

  std::unique_ptr<Node> start(BeaconOptions with) {
    auto node = std::make_unique<Node>();
    node->beacon.emplace(io.get_executor(), std::move(with), log);
    const auto started = node->beacon->start(
        [&heard = node->heard](ByteView datagram, const DatagramSource& source) {
          heard.emplace_back(as_text(datagram), source);
        },
        [] {});
    EXPECT_TRUE(started) << to_string(started.error());
    port = node->beacon->discovery_port();
    return node;
  }
  std::unique_ptr<Node> start() { return start(options()); }

  [[nodiscard]] bool run_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      io.restart();
      io.run_one_for(std::chrono::milliseconds(100));
    }
    return condition();
  }

  // From a socket like that of a peer of level 0.
  void broadcast(const std::string& text) {
    udp::socket socket(io, udp::v4());
    socket.set_option(boost::asio::socket_base::broadcast(true));
    socket.send_to(boost::asio::buffer(text), {boost::asio::ip::make_address("127.255.255.255"), port});
  }
};

TEST_F(BeaconTest, TwoOnOneMachineHearEachOther) {
  const auto ana = start();
  const auto ben = start();
  ana->beacon->send_everywhere(as_bytes("from ana"));
  ben->beacon->send_everywhere(as_bytes("from ben"));
  ASSERT_TRUE(run_until([&] { return !ana->heard.empty() && !ben->heard.empty(); }));
  EXPECT_THAT(ana->texts(), ElementsAre("from ben"));
  EXPECT_THAT(ben->texts(), ElementsAre("from ana"));
  const DatagramSource& source = ben->heard.front().second;
  EXPECT_EQ(source.endpoint, (Endpoint{IpAddress::v4(127, 0, 0, 1), ana->beacon->own_port()}));
  EXPECT_EQ(source.path, DatagramPath::kBroadcast);
  EXPECT_EQ(source.interface, ana->beacon->interfaces().front().interface.index);
}

TEST_F(BeaconTest, DropsItsOwnDatagrams) {
  const auto ana = start();
  ana->beacon->send_everywhere(as_bytes("anybody?"));
  ASSERT_TRUE(run_until([&] { return ana->beacon->counters().own > 0; }));
  EXPECT_THAT(ana->heard, IsEmpty());
}

TEST_F(BeaconTest, AnAnswerReachesTheOneThatAsked) {
  const auto ana = start();
  const auto ben = start();
  const auto cleo = start();
  ana->beacon->send_everywhere(as_bytes("ask"));
  ASSERT_TRUE(run_until([&] { return !ben->heard.empty() && !cleo->heard.empty(); }));
  ben->beacon->send_to(as_bytes("answer of ben"), ben->heard.front().second);
  cleo->beacon->send_to(as_bytes("answer of cleo"), cleo->heard.front().second);
  ASSERT_TRUE(run_until([&] { return ana->heard.size() == 2; }));
  EXPECT_THAT(ana->texts(), testing::UnorderedElementsAre("answer of ben", "answer of cleo"));
  EXPECT_EQ(ana->heard.front().second.path, DatagramPath::kUnicast);
  EXPECT_THAT(ben->texts(), ElementsAre("ask"));
  EXPECT_THAT(cleo->texts(), ElementsAre("ask"));
}

TEST_F(BeaconTest, HearsPeersThatShareNothingButThePort) {
  const auto ana = start();
  const auto ben = start();
  broadcast("classic");
  ASSERT_TRUE(run_until([&] { return !ana->heard.empty() && !ben->heard.empty(); }));
  EXPECT_THAT(ana->texts(), ElementsAre("classic"));
  EXPECT_THAT(ben->texts(), ElementsAre("classic"));
}

TEST_F(BeaconTest, TakesDatagramsUpToTheirLimit) {
  const auto ana = start();
  for (const std::size_t bytes : {wire::kDatagramBytesMax - 1, wire::kDatagramBytesMax, wire::kDatagramBytesMax + 1}) {
    broadcast(std::string(bytes, 'x'));
  }
  broadcast(std::string(60'000, 'x'));
  broadcast("");
  ASSERT_TRUE(run_until([&] { return ana->heard.size() == 3; }));
  EXPECT_THAT(ana->texts(), ElementsAre(std::string(wire::kDatagramBytesMax - 1, 'x'),
                                        std::string(wire::kDatagramBytesMax, 'x'), ""));
  EXPECT_EQ(ana->beacon->counters().too_long, 2U);
  EXPECT_EQ(ana->beacon->counters().received, 3U);
}

TEST_F(BeaconTest, DropsWhatComesFromBeyondItsSubnets) {
  BeaconOptions nowhere = options();
  nowhere.interfaces = {"no-such-interface"};
  const auto ana = start(nowhere);
  broadcast("from afar");
  ASSERT_TRUE(run_until([&] { return ana->beacon->counters().foreign == 1; }));
  EXPECT_THAT(ana->heard, IsEmpty());
  EXPECT_THAT(ana->beacon->interfaces(), IsEmpty());
}

TEST_F(BeaconTest, SpeaksWithTheAddressesThatTheUserListed) {
  const auto ana = start();
  BeaconOptions nowhere = options();
  nowhere.interfaces = {"no-such-interface"};
  nowhere.also_to = {{IpAddress::v4(127, 0, 0, 1), ana->beacon->own_port()}};
  const auto ben = start(nowhere);
  ben->beacon->send_everywhere(as_bytes("from ben"));
  ASSERT_TRUE(run_until([&] { return !ana->heard.empty(); }));
  EXPECT_EQ(ana->heard.front().second.path, DatagramPath::kUnicast);
  ana->beacon->send_everywhere(as_bytes("from ana"));
  ASSERT_TRUE(run_until([&] { return !ben->heard.empty(); }));
  EXPECT_THAT(ben->texts(), ElementsAre("from ana"));
}

TEST_F(BeaconTest, ReportsHowSendingWent) {
  const auto ana = start();
  ana->beacon->send_everywhere(as_bytes("x"));
  ana->beacon->send_everywhere(as_bytes("x"));
  const auto reports = ana->beacon->interfaces();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].interface.name, "lo");
  EXPECT_EQ(reports[0].datagrams_sent, 2U);
  EXPECT_EQ(reports[0].send_errors, 0U);
  EXPECT_FALSE(reports[0].failing);
  EXPECT_EQ(ana->beacon->counters().sent, 2U);
}

TEST_F(BeaconTest, CountsWhatCannotBeSent) {
  const auto ana = start();
  const DatagramSource nowhere{.endpoint = {IpAddress::v4(127, 0, 0, 1), 0}};
  ana->beacon->send_to(as_bytes("x"), nowhere);
  EXPECT_EQ(ana->beacon->counters().send_errors, 1U);
  EXPECT_EQ(ana->beacon->counters().sent, 0U);
}

TEST_F(BeaconTest, NamesAPortThatAnotherProgramKeepsToItself) {
  udp::socket selfish(io, udp::endpoint(udp::v4(), 0));
  port = selfish.local_endpoint().port();
  Beacon beacon(io.get_executor(), options(), log);
  const auto started = beacon.start([](ByteView, const DatagramSource&) {}, [] {});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error(), BeaconError::kPortTaken);
  EXPECT_EQ(beacon.discovery_port(), 0U);
  beacon.send_everywhere(as_bytes("into the void"));
}

TEST_F(BeaconTest, SendsFromThePortItWasGivenWhereThatIsFree) {
  std::uint16_t free_port = 0;
  {
    const udp::socket probe(io, udp::endpoint(udp::v4(), 0));
    free_port = probe.local_endpoint().port();
  }
  BeaconOptions with_port = options();
  with_port.own_port = free_port;
  const auto ana = start(with_port);
  EXPECT_EQ(ana->beacon->own_port(), free_port);
  with_port.discovery_port = port;
  const auto ben = start(with_port);
  EXPECT_NE(ben->beacon->own_port(), free_port);
  EXPECT_NE(ben->beacon->own_port(), 0U);
}

TEST_F(BeaconTest, MayBeDestroyedByItsOwnHandler) {
  std::optional<Beacon> beacon;
  beacon.emplace(io.get_executor(), options(), log);
  int calls = 0;
  const auto on_datagram = [&](ByteView, const DatagramSource&) {
    ++calls;
    beacon.reset();
  };
  ASSERT_TRUE(beacon->start(on_datagram, [] {}));
  port = beacon->discovery_port();
  broadcast("one");
  broadcast("two");
  ASSERT_TRUE(run_until([&] { return !beacon; }));
  io.restart();
  io.run();  // ends, because nothing is left to wait for
  EXPECT_EQ(calls, 1);
}

TEST_F(BeaconTest, ReadsNoMoreThanItsShareBeforeOthersGetTheirTurn) {
  std::optional<Beacon> beacon;
  beacon.emplace(io.get_executor(), options(), log);
  int calls = 0;
  std::optional<int> calls_before_the_other;
  const auto on_datagram = [&](ByteView, const DatagramSource&) {
    if (++calls == 1) boost::asio::post(io, [&] { calls_before_the_other = calls; });
  };
  ASSERT_TRUE(beacon->start(on_datagram, [] {}));
  port = beacon->discovery_port();
  for (int i = 0; i < 2 * Beacon::kDatagramsPerWakeup; ++i) broadcast("x");
  ASSERT_TRUE(run_until([&] { return calls == 2 * Beacon::kDatagramsPerWakeup; }));
  EXPECT_EQ(calls_before_the_other, Beacon::kDatagramsPerWakeup);
}

}  // namespace
}  // namespace essaim::transport
