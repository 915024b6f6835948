// Embedded nodes, on the loopback interface alone.
#include "essaim/node.hpp"

#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "essaim/discovery.hpp"
#include "support/temp_dir.hpp"

namespace essaim {
namespace {

class EmbeddedNode : public ::testing::Test {
 protected:
  void SetUp() override {
    // Holds a discovery port that nobody else on this machine uses; nodes share it.
    ASSERT_TRUE(port_holder_.start([](const FoundPeer&) {}));
  }
  NodeOptions options_of(const std::string& name) {
    std::filesystem::create_directories(folder_ / name);
    return {.home = folder_ / (name + "/home"),
            .dest = folder_ / name,
            .name = name,
            .port = 0,
            .discovery_port = port_holder_.udp_port(),
            .interfaces = {"lo"}};
  }

  test::TempDir folder_;
  Discovery port_holder_{"port holder", {.udp_port = 0, .tcp_port = 1, .interfaces = {"lo"}}};
};

TEST_F(EmbeddedNode, FetchesWhatAnotherShares) {
  const std::string content = test::noise(3'000'000);
  test::write_file(folder_ / "talk.bin", content);
  Node alice(options_of("alice"));
  Node bob(options_of("bob"));
  ASSERT_TRUE(alice.start());
  ASSERT_TRUE(bob.start());
  const auto link = alice.share(folder_ / "talk.bin");
  ASSERT_TRUE(link) << link.error();

  Progress last;
  const auto path = bob.get(*link, {.dest = "", .on_progress = [&](const Progress& progress) { last = progress; }});
  ASSERT_TRUE(path) << path.error();
  EXPECT_EQ(test::read_file(*path), content);
  EXPECT_EQ(*path, (folder_ / "bob" / "talk.bin").string());
  EXPECT_LE(last.bytes_done, content.size());

  const std::string alice_id = alice.peer_id();
  bool knows_alice = false;
  for (const Peer& peer : bob.peers()) knows_alice |= peer.peer_id == alice_id && peer.name == "alice" && peer.online;
  EXPECT_TRUE(knows_alice);
}

TEST_F(EmbeddedNode, SaysWhyNot) {
  Node nowhere({});
  EXPECT_FALSE(nowhere.start());
  Node node(options_of("alice"));
  EXPECT_FALSE(node.share(folder_ / "x"));
  EXPECT_EQ(node.port(), 0);
  ASSERT_TRUE(node.start());
  EXPECT_FALSE(node.start());
  EXPECT_FALSE(node.share(folder_ / "x"));
  EXPECT_FALSE(node.get("essaim:rubbish"));
  Node second(options_of("alice"));
  EXPECT_FALSE(second.start()) << "two nodes on one home";
}

TEST_F(EmbeddedNode, KeepsItsIdentityOverARestart) {
  Node node(options_of("alice"));
  ASSERT_TRUE(node.start());
  const std::string peer_id = node.peer_id();
  EXPECT_EQ(peer_id.size(), 32U);
  EXPECT_NE(node.port(), 0);
  node.stop();
  EXPECT_EQ(node.peer_id(), "");
  EXPECT_TRUE(node.peers().empty());
  ASSERT_TRUE(node.start());
  EXPECT_EQ(node.peer_id(), peer_id);
}

TEST_F(EmbeddedNode, StoppingEndsAGetOfAnotherThread) {
  Node node(options_of("alice"));
  ASSERT_TRUE(node.start());
  std::thread getter([&node] { EXPECT_FALSE(node.get("nobody/has/this")); });
  node.stop();
  getter.join();
}

}  // namespace
}  // namespace essaim
