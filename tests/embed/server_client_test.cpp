// Servers and clients of the public library, over loopback.
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "essaim/client.hpp"
#include "essaim/server.hpp"

namespace essaim {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

// Far above what anything here takes; only a failure waits for it.
constexpr auto kPatience = 30s;

// Answers each message with one of type "GOT", whose data is what came.
class Echo : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto started = server.start([this](const std::string& peer_id, const Message& message) {
      server.send_to_peer(peer_id, {"GOT", "server", message.data_json});
    });
    ASSERT_TRUE(started) << started.error();
  }
  std::unique_ptr<Client> connect() {
    auto client = std::make_unique<Client>();
    const auto connected = client->connect("127.0.0.1", server.port(), kPatience);
    EXPECT_TRUE(connected) << (connected ? "" : connected.error());
    return client;
  }

  Server server{0};
};

// A message from "bob" whose JSON has that many bytes.
Message message_of_bytes(std::size_t bytes) {
  constexpr auto kFrame = R"({"type":"T","peer_id":"bob","data":{"x":""}})"sv;
  return {"T", "bob", R"({"x":")" + std::string(bytes - kFrame.size(), 'x') + R"("})"};
}

TEST_F(Echo, AnswersEachPeerOnItsOwnConnection) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(connect());
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const std::string data = R"({"number":)" + std::to_string(i) + "}";
    ASSERT_TRUE(clients[i]->send({"HELLO", "peer" + std::to_string(i), data}));
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const auto answer = clients[i]->receive(kPatience);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->type, "GOT");
    EXPECT_EQ(answer->peer_id, "server");
    EXPECT_EQ(answer->data_json, R"({"number":)" + std::to_string(i) + "}");
  }
}

TEST_F(Echo, SendsToPeersThatHaveSpokenAndToNobodyElse) {
  EXPECT_FALSE(server.send_to_peer("bob", {"NEWS", "server"}));
  const auto bob = connect();
  ASSERT_TRUE(bob->send({"HELLO", "bob"}));
  ASSERT_TRUE(bob->receive(kPatience));
  EXPECT_TRUE(server.send_to_peer("bob", {"NEWS", "server"}));
  EXPECT_FALSE(server.send_to_peer("bob", {"NEWS", "server", "no JSON"}));
  const auto news = bob->receive(kPatience);
  ASSERT_TRUE(news);
  EXPECT_EQ(news->type, "NEWS");
}

TEST_F(Echo, AnIdBelongsToTheConnectionThatUsedItLast) {
  const auto first = connect();
  ASSERT_TRUE(first->send({"HELLO", "bob"}));
  ASSERT_TRUE(first->receive(kPatience));
  const auto second = connect();  // silent so far, so nothing changes
  ASSERT_TRUE(server.send_to_peer("bob", {"ONE", "server"}));
  EXPECT_TRUE(first->receive(kPatience));
  ASSERT_TRUE(second->send({"HELLO", "bob"}));
  ASSERT_TRUE(second->receive(kPatience));
  // The first one leaves under another name, so that we see when the server knows.
  ASSERT_TRUE(first->send({"HELLO", "old bob"}));
  ASSERT_TRUE(first->receive(kPatience));
  first->close();
  while (server.send_to_peer("old bob", {"STILL_THERE", "server"})) std::this_thread::yield();
  ASSERT_TRUE(server.send_to_peer("bob", {"TWO", "server"}));
  const auto message = second->receive(kPatience);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, "TWO");
}

TEST_F(Echo, TheFirstMessageOfAConnectionHasAtMostEightKibibytes) {
  for (const std::size_t bytes : {8191U, 8192U}) {
    const auto client = connect();
    ASSERT_TRUE(client->send(message_of_bytes(bytes)));
    const auto answer = client->receive(kPatience);
    ASSERT_TRUE(answer) << bytes;
    EXPECT_EQ(answer->type, "GOT") << bytes;
  }
  const auto client = connect();
  ASSERT_TRUE(client->send(message_of_bytes(8193)));
  const auto answer = client->receive(kPatience);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->type, "ERROR");
  EXPECT_FALSE(client->receive(kPatience));
  EXPECT_FALSE(client->connected());
}

TEST_F(Echo, LaterMessagesHaveUpToEightMebibytes) {
  const auto client = connect();
  ASSERT_TRUE(client->send({"HELLO", "bob"}));
  ASSERT_TRUE(client->receive(kPatience));
  const Message large = message_of_bytes(8 * 1024 * 1024 - 16);  // "server" and "GOT" are longer than "bob" and "T"
  ASSERT_TRUE(client->send(large));
  const auto answer = client->receive(kPatience);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->data_json, large.data_json);
  EXPECT_FALSE(client->send(message_of_bytes(8 * 1024 * 1024 + 1)));
  EXPECT_TRUE(client->connected());
}

TEST_F(Echo, WhoDoesNotReadIsNotWaitedFor) {
  const auto client = connect();
  ASSERT_TRUE(client->send({"HELLO", "bob"}));
  ASSERT_TRUE(client->receive(kPatience));
  const Message large{"NEWS", "server", message_of_bytes(1024 * 1024).data_json};
  int taken = 0;
  while (taken < 100 && server.send_to_peer("bob", large)) ++taken;
  EXPECT_GE(taken, 15);
  EXPECT_LT(taken, 100);
}

TEST_F(Echo, ATimeoutLosesNothing) {
  const auto client = connect();
  EXPECT_FALSE(client->receive(0ms));
  EXPECT_TRUE(client->connected());
  ASSERT_TRUE(client->send({"HELLO", "bob", R"({"a":1})"}));
  std::optional<Message> answer;
  while (!answer) answer = client->receive(0ms);
  EXPECT_EQ(answer->data_json, R"({"a":1})");
}

TEST_F(Echo, StoppingEndsConnectionsAndAllowsANewStart) {
  const auto client = connect();
  ASSERT_TRUE(client->send({"HELLO", "bob"}));
  ASSERT_TRUE(client->receive(kPatience));
  server.stop();
  EXPECT_EQ(server.port(), 0);
  EXPECT_FALSE(server.send_to_peer("bob", {"NEWS", "server"}));
  EXPECT_FALSE(client->receive(kPatience));
  EXPECT_FALSE(client->connected());
  EXPECT_FALSE(client->send({"HELLO", "bob"}));
  SetUp();
  ASSERT_TRUE(client->connect("127.0.0.1", server.port(), kPatience));
  ASSERT_TRUE(client->send({"HELLO", "bob"}));
  EXPECT_TRUE(client->receive(kPatience));
}

TEST_F(Echo, ACallbackMayStopItsServer) {
  Server quitter(0);
  ASSERT_TRUE(quitter.start([&quitter](const std::string&, const Message&) { quitter.stop(); }));
  Client client;
  ASSERT_TRUE(client.connect("127.0.0.1", quitter.port(), kPatience));
  ASSERT_TRUE(client.send({"QUIT", "bob"}));
  EXPECT_FALSE(client.receive(kPatience));
  EXPECT_FALSE(client.connected());
}

TEST_F(Echo, ClosingEndsAReceiveOfAnotherThread) {
  const auto client = connect();
  std::thread receiver([&client] { EXPECT_FALSE(client->receive(kPatience)); });
  client->close();
  receiver.join();
  EXPECT_FALSE(client->connected());
}

TEST_F(Echo, APortIsListenedOnOnce) {
  Server second(server.port());
  const auto started = second.start([](const std::string&, const Message&) {});
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().find(std::to_string(server.port())), std::string::npos);
}

TEST(Client, SaysWhyThereIsNoConnection) {
  Client client;
  EXPECT_FALSE(client.connect("not an address", 1));
  EXPECT_FALSE(client.connected());
  EXPECT_FALSE(client.receive(0ms));
  EXPECT_FALSE(client.send({"HELLO", "bob"}));
  client.close();
  Server gone(0);
  ASSERT_TRUE(gone.start([](const std::string&, const Message&) {}));
  const std::uint16_t port = gone.port();
  gone.stop();
  EXPECT_FALSE(client.connect("127.0.0.1", port, kPatience));
}

}  // namespace
}  // namespace essaim
