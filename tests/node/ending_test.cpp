// How a node ends: cleanly within bounds, and without harm at any other moment too.
#include <gtest/gtest.h>

#include "support/node_fixture.hpp"
#include "support/scripted_peer.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

class Ending : public test::NodeTest {
 protected:
  // Connections that say nothing.
  std::vector<asio::ip::tcp::socket> half_open(std::uint16_t port, std::size_t count) {
    std::vector<asio::ip::tcp::socket> sockets;
    for (std::size_t i = 0; i < count; ++i) {
      sockets.emplace_back(io).connect({asio::ip::address_v4::loopback(), port});
    }
    return sockets;
  }
  std::unique_ptr<test::RunningNode> slow(const std::string& name) {
    Config made = config(name);
    made.down_bytes_per_second = kMiB;
    return std::make_unique<test::RunningNode>(made);
  }

  asio::io_context io;
};

TEST_F(Ending, CleanlyIsQuickWithNothingGoingOn) { EXPECT_TRUE(start("alice")->stop()); }

TEST_F(Ending, CleanlyIsQuickWithSessionsTransfersAndSilentConnections) {
  test::write_file(dir / "shared/film.bin", test::noise(8 * kMiB));
  const Config alices = config("alice");
  test::RunningNode alice(alices);
  const auto bob = slow("bob");
  alice.share(dir / "shared/film.bin");
  const auto begun = bob->get("alice/film.bin");
  ASSERT_TRUE(begun);
  ASSERT_TRUE(bob->until_transfer(begun->id, [](const TransferView& view) { return view.bytes_done > 0; }));
  const auto silent = half_open(*alices.port, 4);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(alice.stop());
  EXPECT_TRUE(bob->stop());
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2 * kStopTimeMax + test::kPatience / 2);
}

TEST_F(Ending, CleanlyTellsTheOthers) {
  const auto alice = start("alice");
  const auto bob = start("bob");
  ASSERT_TRUE(alice->sees(1));
  ASSERT_TRUE(bob->sees(1));
  EXPECT_TRUE(alice->stop());
  EXPECT_TRUE(bob->until(
      [](Node& node) { return std::ranges::none_of(node.peers(), [](const PeerView& peer) { return peer.online; }); }));
}

TEST_F(Ending, ByDestructionIsSafeWhileAFileComesAndGoes) {
  test::write_file(dir / "shared/film.bin", test::noise(4 * kMiB));
  for (const bool sender_first : {true, false}) {
    auto alice = start("alice");
    auto bob = slow("bob");
    alice->share(dir / "shared/film.bin");
    const auto begun = bob->get("alice/film.bin", (dir / ("to-" + std::to_string(sender_first))).string());
    ASSERT_TRUE(begun) << begun.error().message;
    ASSERT_TRUE(bob->until_transfer(begun->id, [](const TransferView& view) { return view.bytes_done > 0; }));
    (sender_first ? alice : bob).reset();
  }
}

TEST_F(Ending, ByDestructionIsSafeAtAnyMomentOfAFolder) {
  for (int i = 0; i < 200; ++i) {
    test::write_file(dir / ("shared/box/" + std::to_string(i)), test::noise(5000, static_cast<std::uint64_t>(i)));
  }
  const auto alice = start("alice");
  alice->share(dir / "shared/box");
  for (int moment = 0; moment < 8; ++moment) {
    const auto bob = start("bob");
    const auto begun = bob->get("alice/box");
    ASSERT_TRUE(begun) << begun.error().message;
    // Later each time, and not bound to anything that the node waits for.
    std::this_thread::sleep_for(std::chrono::milliseconds(moment * 4));
  }
}

TEST_F(Ending, ByDestructionIsSafeWhileFilesAreHashed) {
  for (int i = 0; i < 8; ++i) {
    test::write_file(dir / ("shared/box/" + std::to_string(i)), test::noise(2 * kMiB, static_cast<std::uint64_t>(i)));
  }
  const auto alice = start("alice");
  EXPECT_TRUE(alice->ask([&](Facade& node) { return node.share({.path = (dir / "shared/box").string()}); }));
}

TEST_F(Ending, ByDestructionIsSafeWhileSomebodyIsWaitedFor) {
  const auto alice = start("alice");
  const auto bob = start("bob");
  ASSERT_TRUE(bob->sees(1));
  for (const char* target : {"nothing-of-that-name", "nobody/file", "alice/nothing"}) {
    bob->look([target](Node& node) {
      auto waiting = [](Node& asked, std::string of) -> asio::awaitable<void> {
        static_cast<void>(co_await asked.get({.target = std::move(of), .dest = std::nullopt}));
      };
      asio::co_spawn(node.executor(), waiting(node, target), asio::detached);
      return 0;
    });
  }
}

TEST_F(Ending, ByDestructionIsSafeWhileConnectionsOpen) {
  for (int round = 0; round < 6; ++round) {
    const Config bobs = config("bob");
    const auto bob = std::make_unique<test::RunningNode>(bobs);
    const auto silent = half_open(*bobs.port, 3);
    std::vector<std::unique_ptr<test::ScriptedPeer>> peers;
    for (int i = 0; i < 3; ++i) {
      peers.push_back(std::make_unique<test::ScriptedPeer>(
          *bobs.port, [](const wire::Envelope& /*asked*/) { return std::vector<Bytes>(); }));
    }
    if (round % 2 == 1) EXPECT_TRUE(bob->sees(1));
  }
}

// The control loop stands still while the lanes go on: what they tell it is still in its queue when the node goes.
TEST_F(Ending, ByDestructionIsSafeWithNewsThatNobodyHasHeard) {
  const Config bobs = config("bob");
  test::KeptLog log;
  asio::io_context control(1);
  auto bob = Node::create(control, bobs, log);
  ASSERT_TRUE(bob);
  test::ScriptedPeer peer(*bobs.port, [](const wire::Envelope& /*asked*/) { return std::vector<Bytes>(); });
  asio::ip::tcp::socket classic(io);
  classic.connect({asio::ip::address_v4::loopback(), *bobs.port});
  const Bytes question = wire::classic::encode_message({PeerId{"old"}, wire::classic::FileListRequest{}});
  asio::write(classic, asio::buffer(question));
  // Lets the connections in, and hears no more.
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  while (std::chrono::steady_clock::now() < give_up) control.poll_one();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  bob->reset();
}

}  // namespace
}  // namespace essaim::node
