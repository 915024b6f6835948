// What strangers can make a node do, and what they cannot.
#include <array>
#include <atomic>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "node/unsent.hpp"
#include "support/node_fixture.hpp"
#include "support/scripted_peer.hpp"
#include "wire/classic_message.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using test::ServedContent;

// Somebody who waits to be dialled, at an address of this machine that nobody else uses.
class Door {
 public:
  Door(asio::io_context& io, std::uint8_t number, std::uint16_t port)
      : acceptor_(io, tcp::endpoint(asio::ip::address_v4({127, 77, 0, number}), port)) {
    acceptor_.non_blocking(true);
  }
  [[nodiscard]] Endpoint endpoint() const {
    return {IpAddress::v4(127, 77, 0, acceptor_.local_endpoint().address().to_v4().to_bytes()[3]),
            acceptor_.local_endpoint().port()};
  }
  [[nodiscard]] bool was_dialled() {
    boost::system::error_code error;
    tcp::socket socket = acceptor_.accept(error);
    dialled_ |= !error;
    return dialled_;
  }

 private:
  tcp::acceptor acceptor_;
  bool dialled_ = false;
};

class UnaskedDials : public test::NodeTest {
 protected:
  // A peer that is asked whether it has something, and names others at these addresses.
  test::ScriptedPeer::Script naming(std::vector<Endpoint> addresses) const {
    return [this, addresses](const wire::Envelope& asked) -> std::vector<Bytes> {
      if (!std::holds_alternative<wire::Find>(asked.message)) return {};
      auto frames = content.answer(asked);
      const wire::Swarm swarm{.file_id = content.id(), .peers = {{{std::string(32, 'a')}, addresses}}};
      frames.push_back(test::frame_of({.message = swarm}));
      return frames;
    };
  }
  static std::uint64_t metric(Node& node, std::string_view name) {
    for (const auto& [each, value] : node.metrics()) {
      if (each == name) return value;
    }
    return 0;
  }

  ServedContent content{test::noise(3 * kMiB + 11)};
  asio::io_context io;
};

TEST_F(UnaskedDials, AreFourASecondWhateverASwarmNames) {
  std::vector<Door> doors;
  std::vector<Endpoint> addresses;
  for (std::uint8_t i = 0; i < 8; ++i) {
    doors.emplace_back(io, static_cast<std::uint8_t>(i + 1), static_cast<std::uint16_t>(5050 + i));
    addresses.push_back(doors.back().endpoint());
  }
  const Config bobs = config("bob");
  test::RunningNode bob(bobs);
  const test::ScriptedPeer gossip(*bobs.port, naming(addresses));
  ASSERT_TRUE(bob.sees(1));
  ASSERT_TRUE(bob.get(content.link("film.bin")));
  EXPECT_TRUE(bob.until([](Node& node) { return metric(node, "dials_withheld_total") >= 4; }));
  EXPECT_LE(std::ranges::count_if(doors, &Door::was_dialled), 4);
}

TEST_F(UnaskedDials, GoToPortsOfOurKindOnly) {
  Door other(io, 11, 0);
  Door ours(io, 12, 5060);
  const Config bobs = config("bob");
  test::RunningNode bob(bobs);
  const test::ScriptedPeer gossip(*bobs.port, naming({other.endpoint(), ours.endpoint()}));
  ASSERT_TRUE(bob.sees(1));
  ASSERT_TRUE(bob.get(content.link("film.bin")));
  EXPECT_TRUE(bob.until([&](Node&) { return ours.was_dialled(); }));
  EXPECT_FALSE(other.was_dialled());
}

class Downgrade : public test::NodeTest {
 protected:
  // What a peer that calls itself so gets for a question in plain text.
  static wire::classic::Message ask_in_plain_text(std::uint16_t port, const PeerId& as) {
    asio::io_context io;
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(wire::classic::encode_message({as, wire::classic::FileListRequest{}})));
    wire::FrameDecoder decoder(wire::Level::kClassic);
    while (true) {
      const MutableByteView room = decoder.prepare();
      decoder.commit(socket.read_some(asio::buffer(room.data(), room.size())));
      if (auto frame = decoder.next(); frame && *frame) return wire::classic::parse_message(**frame)->message;
    }
  }
  void announce_in_plain_text(const PeerId& as) const {
    asio::io_context io;
    asio::ip::udp::socket socket(io, asio::ip::udp::v4());
    const std::string text = R"({"type":"ANNOUNCE","peer_id":")" + as.text + R"(","port":5099})";
    socket.send_to(asio::buffer(text), {asio::ip::address_v4::loopback(), discovery_port});
  }
};

TEST_F(Downgrade, IsRefusedToWhoeverHasEverProvedAKey) {
  const Config bobs = config("bob");
  PeerId proved;
  {
    test::RunningNode bob(bobs);
    const test::ScriptedPeer alice(*bobs.port, [](const wire::Envelope&) { return std::vector<Bytes>(); });
    ASSERT_TRUE(bob.sees(1));
    proved = alice.id();
    ASSERT_TRUE(bob.stop());
  }
  test::RunningNode bob(bobs);  // which has seen nobody since it was started
  const auto answer = ask_in_plain_text(*bobs.port, proved);
  const auto* const error = std::get_if<wire::classic::Error>(&answer);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->code, wire::ErrorCode::kUpgradeRequired);

  const PeerId honest{"somebody who never could"};
  announce_in_plain_text(proved);
  announce_in_plain_text(honest);
  EXPECT_TRUE(bob.until([&](Node& node) {
    return std::ranges::any_of(node.peers(), [&](const PeerView& peer) { return peer.peer_id == honest; });
  }));
  EXPECT_FALSE(bob.look([&](Node& node) {
    return std::ranges::any_of(node.peers(), [&](const PeerView& peer) { return peer.peer_id == proved; });
  }));
  EXPECT_TRUE(std::holds_alternative<wire::classic::FileListResponse>(ask_in_plain_text(*bobs.port, honest)));
}

TEST(Unsent, LetsOnePeerHaveHalfOfItAndTwoAThirdEach) {
  const auto total = std::make_shared<std::atomic<std::size_t>>(0);
  constexpr std::size_t kFrame = 64 * kKiB;
  const auto fill = [](Unsent& unsent) {
    std::size_t bytes = 0;
    for (; !unsent.lost(); bytes += kFrame) unsent.add(kFrame);
    return bytes;
  };
  Unsent one(total);
  EXPECT_NEAR(static_cast<double>(fill(one)), kUnsentBytesMax / 2.0, kMiB);
  Unsent other(total);
  EXPECT_NEAR(static_cast<double>(fill(other)), kUnsentBytesMax / 4.0, kMiB) << "half of what is left";
}

TEST(Unsent, AlwaysLetsAPeerHaveALittle) {
  const auto total = std::make_shared<std::atomic<std::size_t>>(10 * kUnsentBytesMax);
  Unsent unsent(total);
  unsent.add(kUnsentBytesPerPeerMin - kUnsentFrameCost);
  EXPECT_FALSE(unsent.behind());
  unsent.add(1);
  EXPECT_TRUE(unsent.behind());
  EXPECT_TRUE(unsent.lost());
  unsent.take(1);
  EXPECT_FALSE(unsent.lost());
}

TEST(Unsent, IsBehindBeforeItIsLostAndForgottenWhenItsSessionEnds) {
  const auto total = std::make_shared<std::atomic<std::size_t>>(0);
  {
    Unsent unsent(total);
    while (!unsent.behind()) unsent.add(kMiB);
    EXPECT_FALSE(unsent.lost());
  }
  EXPECT_EQ(total->load(), 0U);
}

}  // namespace
}  // namespace essaim::node
