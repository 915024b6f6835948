#include "transport/listener.hpp"

#include <future>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "loopback.hpp"
#include "transport/asio_endpoint.hpp"
#include "transport/clock.hpp"
#include "transport/dialer.hpp"
#include "transport/interfaces.hpp"
#include "transport/plain_stream.hpp"

namespace essaim::transport {
namespace {

const Duration kPatience = std::chrono::seconds(30);
constexpr std::chrono::hours kPatienceForEver{1};

Endpoint loopback_port(std::uint16_t port) { return {IpAddress::v4(127, 0, 0, 1), port}; }

class ListenerTest : public testing::Test {
 protected:
  std::unique_ptr<Listener> open(ListenerOptions options) {
    auto listener = Listener::open(control_, lanes_, options);
    EXPECT_TRUE(listener) << to_string(listener.error());
    return listener ? std::move(*listener) : nullptr;
  }

  // Turns the control loop until `condition` holds.
  template <class Condition>
  void run_until(Condition condition) {
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    while (!condition() && std::chrono::steady_clock::now() < give_up) {
      control_.restart();
      control_.run_one_for(std::chrono::milliseconds(100));
    }
    EXPECT_TRUE(condition());
  }

  asio::io_context control_{1};
  Lanes lanes_{2};
};

TEST_F(ListenerTest, DealsConnectionsOutToTheLanes) {
  const auto listener = open({.port = 0});
  std::vector<Accepted> accepted;
  listener->start([&](Accepted one) { accepted.push_back(std::move(one)); });
  std::vector<tcp::socket> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back(control_).connect({asio::ip::address_v4::loopback(), listener->port()});
  run_until([&] { return accepted.size() == 4; });
  ASSERT_EQ(accepted.size(), 4U);
  EXPECT_EQ(accepted[0].lane.number(), accepted[2].lane.number());
  EXPECT_NE(accepted[0].lane.number(), accepted[1].lane.number());
  EXPECT_EQ(accepted[0].remote, loopback_port(clients[0].local_endpoint().port()));
  EXPECT_EQ(listener->gate().inside(), 4U);
}

TEST_F(ListenerTest, GivesSocketsThatTheirLaneCanUse) {
  const auto listener = open({.port = 0});
  std::promise<Bytes> received;
  const auto serve = [&received](Accepted accepted) -> awaitable<void> {
    PlainStream stream(std::move(accepted.socket));
    Bytes room(5);
    EXPECT_TRUE(accepted.lane.is_this_thread());
    EXPECT_TRUE(co_await stream.read_exactly(room));
    received.set_value(room);
  };
  listener->start([&](Accepted accepted) {
    Lane& lane = accepted.lane;
    asio::co_spawn(lane.executor(), serve(std::move(accepted)), [](const std::exception_ptr& failure) {
      if (failure) std::rethrow_exception(failure);
    });
  });
  tcp::socket client(control_);
  client.connect({asio::ip::address_v4::loopback(), listener->port()});
  client.send(asio::buffer("hello", 5));
  auto future = received.get_future();
  run_until([&] { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
  EXPECT_EQ(future.get(), (Bytes{'h', 'e', 'l', 'l', 'o'}));
}

TEST_F(ListenerTest, HearsBothVersionsOfTheProtocol) {
  const auto listener = open({.port = 0});
  std::vector<Endpoint> remotes;
  listener->start([&](Accepted one) { remotes.push_back(one.remote); });
  tcp::socket six(control_);
  boost::system::error_code error;
  six.connect({asio::ip::address_v6::loopback(), listener->port()}, error);
  if (error) GTEST_SKIP() << "this machine has no IPv6";
  tcp::socket four(control_);
  four.connect({asio::ip::address_v4::loopback(), listener->port()});
  run_until([&] { return remotes.size() == 2; });
  EXPECT_FALSE(remotes.at(0).address.is_v4());
  EXPECT_TRUE(remotes.at(1).address.is_v4());
}

TEST_F(ListenerTest, TakesTheNextFreePort) {
  // Any pair of neighbouring free ports will do; another program may take the second one at any time.
  const auto first = open({.port = 0});
  if (first->port() > 65000) GTEST_SKIP() << "no ports above this one";
  const auto second = open({.port = first->port()});
  ASSERT_TRUE(second);
  EXPECT_GT(second->port(), first->port());
  EXPECT_LT(second->port(), first->port() + kListenPortsTried);
}

TEST_F(ListenerTest, TakesNoOtherPortThanTheOneDemanded) {
  const auto first = open({.port = 0});
  const auto second = Listener::open(control_, lanes_, {.port = first->port(), .choice = PortChoice::kExactly});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), NetError::kPortTaken);
}

TEST_F(ListenerTest, TakesItsPortAgainAfterARestart) {
  std::uint16_t port = 0;
  {
    const auto listener = open({.port = 0});
    port = listener->port();
    std::optional<Accepted> accepted;
    listener->start([&](Accepted one) { accepted.emplace(std::move(one)); });
    tcp::socket client(control_);
    client.connect({asio::ip::address_v4::loopback(), port});
    run_until([&] { return accepted.has_value(); });
    accepted.reset();  // closed by our side first: the port stays in TIME_WAIT
  }
  EXPECT_TRUE(open({.port = port, .choice = PortChoice::kExactly}));
}

TEST_F(ListenerTest, CountsAConnectionUntilItsTicketIsReleased) {
  const auto listener = open({.port = 0});
  std::optional<Accepted> accepted;
  listener->start([&](Accepted one) { accepted.emplace(std::move(one)); });
  tcp::socket client(control_);
  client.connect({asio::ip::address_v4::loopback(), listener->port()});
  run_until([&] { return accepted.has_value(); });
  EXPECT_EQ(listener->gate().inside(), 1U);
  // On its lane's thread, where sessions live.
  Lane& lane = accepted->lane;
  lane.post([ticket = std::make_shared<AdmissionTicket>(std::move(accepted->ticket))] { ticket->release(); });
  run_until([&] { return listener->gate().inside() == 0; });
}

TEST_F(ListenerTest, LetsThoseWhoCameTooManyAtOnceInAsSoonAsThereIsAPlace) {
  const auto listener = open({.port = 0, .door_patience = kPatienceForEver});
  std::vector<Accepted> accepted;
  listener->start([&](Accepted one) { accepted.push_back(std::move(one)); });
  std::vector<tcp::socket> clients;
  for (std::size_t i = 0; i < kUnprovenConnectionsMax + 1; ++i)
    clients.emplace_back(control_).connect({asio::ip::address_v4::loopback(), listener->port()});
  run_until([&] { return accepted.size() == kUnprovenConnectionsMax; });
  EXPECT_EQ(listener->gate().inside(), kUnprovenConnectionsMax);
  accepted.front().ticket.release();
  run_until([&] { return accepted.size() == clients.size(); });
}

TEST_F(ListenerTest, HangsUpOnWhoWaitedLongEnough) {
  const auto listener = open({.port = 0, .door_patience = std::chrono::milliseconds(0)});
  std::vector<Accepted> accepted;
  listener->start([&](Accepted one) { accepted.push_back(std::move(one)); });
  std::vector<tcp::socket> clients;
  for (std::size_t i = 0; i < kUnprovenConnectionsMax * 2; ++i)
    clients.emplace_back(control_).connect({asio::ip::address_v4::loopback(), listener->port()});
  run_until([&] { return accepted.size() + listener->gate().turned_away() == clients.size(); });
  EXPECT_EQ(accepted.size(), kUnprovenConnectionsMax);
}

TEST_F(ListenerTest, KnowsThisMachineByEveryAddressItHas) {
  std::vector<Interface> interfaces = list_interfaces();
  std::erase_if(interfaces, [](const Interface& one) { return one.loopback || one.v4.empty(); });
  if (interfaces.empty()) GTEST_SKIP() << "this machine has no address but the loopback's";
  const auto listener = open({.port = 0});
  std::vector<Accepted> accepted;
  listener->start([&](Accepted one) { accepted.push_back(std::move(one)); });
  const tcp::endpoint own = to_asio({interfaces.front().v4.front().address, listener->port()});
  std::vector<tcp::socket> clients;
  for (std::size_t i = 0; i < kUnprovenConnectionsPerAddressMax + 1; ++i) {
    clients.emplace_back(control_);
    clients.back().connect(own);
  }
  run_until([&] { return accepted.size() + listener->gate().turned_away() == clients.size(); });
  EXPECT_EQ(listener->gate().turned_away(), 0U);
}

TEST_F(ListenerTest, CallsNobodyAfterItWasStopped) {
  const auto listener = open({.port = 0});
  listener->start([](const Accepted&) { FAIL(); });
  control_.poll();
  tcp::socket client(control_);
  client.connect({asio::ip::address_v4::loopback(), listener->port()});
  listener->stop();
  control_.restart();
  control_.run();
}

class DialerTest : public testing::Test {
 protected:
  Expected<tcp::socket, NetError> dial_now(Endpoint endpoint, Duration timeout) {
    Expected<tcp::socket, NetError> result = fail(NetError::kSystem);
    const auto body = [&]() -> awaitable<void> { result = co_await dial(io_.get_executor(), endpoint, timeout); };
    run_all(io_, body());
    return result;
  }

  asio::io_context io_{1};
};

TEST_F(DialerTest, Connects) {
  tcp::acceptor acceptor(io_, {asio::ip::address_v4::loopback(), 0});
  const auto socket = dial_now(loopback_port(acceptor.local_endpoint().port()), kPatience);
  ASSERT_TRUE(socket) << to_string(socket.error());
  EXPECT_EQ(socket->remote_endpoint(), acceptor.local_endpoint());
}

TEST_F(DialerTest, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    tcp::acceptor acceptor(io_, {asio::ip::address_v4::loopback(), 0});
    port = acceptor.local_endpoint().port();
  }
  const auto socket = dial_now(loopback_port(port), kPatience);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error(), NetError::kRefused) << to_string(socket.error());
}

TEST_F(DialerTest, GivesUpAtItsTimeout) {
  // Nobody accepts, so once the backlog is full a connection stays unanswered.
  tcp::acceptor acceptor(io_);
  acceptor.open(tcp::v4());
  acceptor.bind({asio::ip::address_v4::loopback(), 0});
  acceptor.listen(0);
  std::vector<tcp::socket> waiting;
  for (int i = 0; i < 50; ++i) {
    auto socket = dial_now(loopback_port(acceptor.local_endpoint().port()), std::chrono::milliseconds(50));
    if (socket) {
      waiting.push_back(std::move(*socket));
      continue;
    }
    EXPECT_EQ(socket.error(), NetError::kTimeout) << to_string(socket.error());
    return;
  }
  FAIL() << "the backlog never filled up";
}

}  // namespace
}  // namespace essaim::transport
