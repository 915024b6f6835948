// The simulated network keeps its own promises.
#include "sim/network.hpp"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::sim {
namespace {

class Listener final : public Host {
 public:
  explicit Listener(Clock& clock) : clock_(clock) {}
  void on_connected(ConnectionId connection, HostId /*other*/) override { connections.push_back(connection); }
  void on_closed(ConnectionId connection) override { std::erase(connections, connection); }
  void on_parcel(ConnectionId /*connection*/, const Parcel& parcel) override {
    arrived_at.push_back(clock_.now());
    bytes += parcel.bytes();
  }
  void on_datagram(HostId /*from*/, ByteView /*datagram*/) override { ++datagrams; }

  std::vector<ConnectionId> connections;
  std::vector<Instant> arrived_at;
  std::uint64_t bytes = 0;
  std::uint64_t datagrams = 0;

 private:
  Clock& clock_;
};

class NetworkTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kRate = 10'000'000;
  static constexpr std::uint32_t kChunk = 1'000'000;  // a tenth of a second

  explicit NetworkTest() {
    for (Listener* each : {&a, &b, &c}) network.set_up(network.add(*each, {.up = kRate, .down = kRate}));
    network.connect(kA, kB);
    network.connect(kA, kC);
    run(10ms);
  }
  void run(Duration time) {
    bool over = false;
    clock.after(time, [&over] { over = true; });
    while (!over && clock.step()) continue;
  }
  void send_chunks(ConnectionId to, int count) {
    const auto frame = std::make_shared<const Bytes>(100);
    for (int each = 0; each < count; ++each) {
      network.send(to, kA, {.frame = frame, .chunk = ChunkBytes{.length = kChunk}, .on_gone = [this] { ++gone; }});
    }
  }

  static constexpr HostId kA{0};
  static constexpr HostId kB{1};
  static constexpr HostId kC{2};
  Clock clock;
  Network network{clock, 1, 0};
  Listener a{clock};
  Listener b{clock};
  Listener c{clock};
  int gone = 0;
};

TEST_F(NetworkTest, CarriesAsMuchAsALinkDoes) {
  const Instant began = clock.now();
  send_chunks(b.connections.front(), 10);
  run(2s);
  ASSERT_EQ(b.arrived_at.size(), 10U);
  EXPECT_NEAR(seconds(b.arrived_at.back() - began), 1.0, 0.02);
  EXPECT_EQ(gone, 10);
}

TEST_F(NetworkTest, SharesALinkAmongConnections) {
  send_chunks(b.connections.front(), 10);
  send_chunks(c.connections.front(), 5);
  run(1s);
  EXPECT_NEAR(static_cast<double>(b.bytes), 5.0 * kChunk, 1.0 * kChunk);
  EXPECT_NEAR(static_cast<double>(c.bytes), 5.0 * kChunk, 1.0 * kChunk);
}

TEST_F(NetworkTest, LetsMessagesPassBeforeChunksThatWait) {
  send_chunks(b.connections.front(), 10);
  network.send(b.connections.front(), kA, {.frame = std::make_shared<const Bytes>(100)});
  run(150ms);
  EXPECT_EQ(b.arrived_at.size(), 2U);
}

TEST_F(NetworkTest, HoldsBackWhatIsPartedAndGoesOnWhenItHeals) {
  send_chunks(b.connections.front(), 10);
  run(100ms);
  network.part({kB});
  run(5s);
  EXPECT_LT(b.arrived_at.size(), 3U);
  network.broadcast(kA, Bytes(10));
  network.heal();
  run(2s);
  EXPECT_EQ(b.arrived_at.size(), 10U);
  EXPECT_EQ(b.datagrams, 0U) << "datagrams are not held back";
  EXPECT_EQ(c.datagrams, 1U);
}

TEST_F(NetworkTest, EndsConnectionsThatArePartedForTooLong) {
  network.part({kB});
  run(Network::kSilenceMax - 1s);
  EXPECT_EQ(b.connections.size(), 1U);
  run(2s);
  EXPECT_TRUE(b.connections.empty());
  EXPECT_EQ(c.connections.size(), 1U);
}

TEST_F(NetworkTest, TellsWhatIsGoneWhenAConnectionEnds) {
  send_chunks(b.connections.front(), 10);
  run(50ms);
  network.cut(kA, kB);
  run(1s);
  EXPECT_EQ(gone, 10);
  EXPECT_TRUE(b.arrived_at.empty());
  EXPECT_EQ(a.connections.size(), 1U);
}

TEST_F(NetworkTest, TellsOfAPowerFailureLateOrWhenTheHostIsBack) {
  network.set_down(kB, Network::Farewell::kSilence);
  run(1s);
  EXPECT_EQ(a.connections.size(), 2U);
  network.set_up(kB);
  run(1s);
  EXPECT_EQ(a.connections.size(), 1U);
  network.set_down(kC, Network::Farewell::kSilence);
  run(Network::kSilenceMax + 1s);
  EXPECT_TRUE(a.connections.empty());
}

}  // namespace
}  // namespace essaim::sim
