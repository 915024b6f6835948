// The route of events, and the client's end of it.
#include <gtest/gtest.h>

#include "api/client.hpp"
#include "api/serving.hpp"
#include "support/example_views.hpp"

namespace essaim::api {
namespace {

using namespace std::chrono_literals;

class Events : public test::Serving {
 protected:
  // Far above what an answer on the same event loop takes.
  static constexpr auto kPatience = 10s;

  void publish(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) node.events().publish(node::ShareGone{std::to_string(i)});
  }
  std::string next() {
    const auto event = client.next_event(kPatience);
    if (!event) return event.error().message;
    return *event ? (*event)->kind + " " + std::to_string((*event)->number) : "nothing";
  }
  // What a listener hears who was told all up to `last_event_id`, until the node stops.
  std::string hear_since(const std::string& last_event_id) {
    auto socket = connect();
    boost::asio::write(
        socket,
        boost::asio::buffer("GET /api/v1/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: " + last_event_id + "\r\n\r\n"));
    run_until([this] { return server.connections() == 1; });
    io.poll();
    node.events().close();
    const std::string answer = read_until_closed(socket);
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }
};

TEST_F(Events, BeginWithAResetAndGoOnFromThere) {
  publish(2);
  ASSERT_TRUE(client.subscribe());
  EXPECT_EQ(next(), "reset 2");
  publish(2);
  EXPECT_EQ(next(), "share_gone 3");
  EXPECT_EQ(next(), "share_gone 4");
}

TEST_F(Events, AreNotWaitedForLongerThanThePatience) {
  ASSERT_TRUE(client.subscribe());
  EXPECT_EQ(next(), "reset 0");
  const auto nothing = client.next_event(1ms);
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
  publish(1);
  EXPECT_EQ(next(), "share_gone 1");
}

TEST_F(Events, ResumeAfterTheLastOneHeard) {
  publish(3);
  EXPECT_EQ(hear_since("1"),
            "id: 2\nevent: share_gone\ndata: {\"name\":\"1\"}\n\nid: 3\nevent: share_gone\ndata: {\"name\":\"2\"}\n\n");
}

TEST_F(Events, ResetWhoIsTooFarBehind) {
  publish(node::kEventsKeptMax + 1);
  const std::string newest = std::to_string(node::kEventsKeptMax + 1);
  EXPECT_EQ(hear_since("0"), "id: " + newest + "\nevent: reset\ndata: {}\n\n");
}

TEST_F(Events, ResetWhoHeardOfEventsThatNeverWere) { EXPECT_EQ(hear_since("99"), "id: 0\nevent: reset\ndata: {}\n\n"); }

TEST_F(Events, EndWhenTheNodeStops) {
  ASSERT_TRUE(client.subscribe());
  EXPECT_EQ(next(), "reset 0");
  server.stop();
  EXPECT_FALSE(client.next_event(kPatience));
}

TEST_F(Events, LetGoOfAListenerThatLeft) {
  {
    auto socket = connect();
    boost::asio::write(socket, boost::asio::buffer("GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n", 44));
    run_until([this] { return server.connections() == 1; });
    io.poll();
  }
  run_until([this] { return server.connections() == 0; });
}

TEST_F(Events, StopBeingWaitedForWhenInterrupted) {
  ASSERT_TRUE(client.subscribe());
  EXPECT_EQ(next(), "reset 0");
  boost::asio::post(io, [this] { client.interrupt(); });
  const auto interrupted = client.next_event(kPatience);
  ASSERT_FALSE(interrupted);
  EXPECT_EQ(interrupted.error().code, node::FailureCode::kInterrupted);
  publish(1);
  EXPECT_EQ(next(), "share_gone 1");
}

TEST(Client, SaysThatNobodyAnswers) {
  const test::TempDir folder;
  boost::asio::io_context io;
  Client client(io, (folder.path() / "node.sock").string());
  EXPECT_FALSE(client.reachable());
  const auto answer = client.call({});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, node::FailureCode::kFailed);
  Client far_away(io, std::string(500, 'x'));
  EXPECT_FALSE(far_away.reachable());
}

}  // namespace
}  // namespace essaim::api
