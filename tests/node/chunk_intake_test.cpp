#include "node/chunk_intake.hpp"

#include <gtest/gtest.h>

#include "content/content_id.hpp"
#include "content/hash.hpp"
#include "transport/loopback.hpp"
#include "transport/plain_stream.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
using transport::awaitable;

class KeepingSink final : public ChunkSink {
 public:
  Expected<void, storage::StorageError> store(const ChunkPlace& /*place*/, ByteView verified) override {
    stored.emplace_back(verified.begin(), verified.end());
    return {};
  }
  std::vector<Bytes> stored;
};

class ChunkIntakeTest : public ::testing::Test {
 protected:
  ChunkOrder order(std::uint64_t wire_id, ByteView chunk) {
    return {.wire_id = wire_id,
            .content = content::content_id_of(chunk.size(), std::vector{content::leaf_of(chunk)}),
            .length = static_cast<std::uint32_t>(chunk.size()),
            .leaf = std::nullopt,
            .sink = sink};
  }
  static wire::Envelope data(std::uint64_t wire_id, ByteView chunk) {
    return {.id = wire_id, .payload_bytes = chunk.size(), .message = wire::ChunkData{}};
  }

  asio::io_context io;
  transport::SocketPair pair = transport::connected_pair(io);
  transport::PlainStream stream{std::move(pair.one)};
  transport::FrameStream frames{stream, wire::Level::kPeer};
  std::vector<ChunkOutcome> outcomes;
  std::shared_ptr<KeepingSink> sink = std::make_shared<KeepingSink>();
  ChunkIntake intake{0, [this](ChunkOutcome outcome) { outcomes.push_back(std::move(outcome)); }};
};

TEST_F(ChunkIntakeTest, ALongerChunkMayBeOrderedWhileAShorterOneArrives) {
  const Bytes shorter = transport::pattern(5'000, 1);
  const Bytes longer = transport::pattern(200'000, 2);
  intake.expect(order(1, shorter));
  const auto receive = [&]() -> awaitable<void> {
    EXPECT_TRUE(co_await intake.take(data(1, shorter), frames));
    EXPECT_TRUE(co_await intake.take(data(2, longer), frames));
  };
  const auto send = [&]() -> awaitable<void> {
    // The first chunk is awaited by now, and half of it comes before the longer one is ordered.
    const auto half = static_cast<std::ptrdiff_t>(shorter.size() / 2);
    co_await asio::async_write(pair.other, asio::buffer(Bytes(shorter.begin(), shorter.begin() + half)),
                               transport::kAwait);
    intake.expect(order(2, longer));
    co_await asio::async_write(pair.other, asio::buffer(Bytes(shorter.begin() + half, shorter.end())),
                               transport::kAwait);
    co_await asio::async_write(pair.other, asio::buffer(longer), transport::kAwait);
  };
  transport::run_all(io, receive(), send());
  EXPECT_EQ(sink->stored, (std::vector{shorter, longer}));
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_FALSE(outcomes[0].failure || outcomes[1].failure);
}

}  // namespace
}  // namespace essaim::node
