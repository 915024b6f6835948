// What both kinds of byte stream promise, on real sockets.
#include <algorithm>
#include <memory>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "loopback.hpp"
#include "transport/clock.hpp"
#include "transport/plain_stream.hpp"
#include "transport/tls_stream.hpp"

namespace essaim::transport {
namespace {

using std::chrono::milliseconds;

enum class Kind { kPlain, kTls };

awaitable<void> shake_hands(TlsStream& stream, const PeerId& expected) {
  const auto peer = co_await stream.handshake();
  EXPECT_EQ(peer, expected) << (peer ? "" : to_string(peer.error()));
}

// Two connected streams that have shaken hands.
class Streams : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    SocketPair sockets = connected_pair(io_);
    if (GetParam() == Kind::kPlain) {
      one_ = std::make_unique<PlainStream>(std::move(sockets.one));
      other_ = std::make_unique<PlainStream>(std::move(sockets.other));
      return;
    }
    auto client = std::make_unique<TlsStream>(std::move(sockets.one), alice_, TlsStream::Role::kClient);
    auto server = std::make_unique<TlsStream>(std::move(sockets.other), bob_, TlsStream::Role::kServer);
    run_all(io_, shake_hands(*client, bob_.peer_id()), shake_hands(*server, alice_.peer_id()));
    one_ = std::move(client);
    other_ = std::move(server);
  }

  TlsContext alice_ = make_context();
  TlsContext bob_ = make_context();
  asio::io_context io_{1};
  std::unique_ptr<ByteStream> one_;
  std::unique_ptr<ByteStream> other_;
};

INSTANTIATE_TEST_SUITE_P(, Streams, testing::Values(Kind::kPlain, Kind::kTls),
                         [](const auto& kind) { return kind.param == Kind::kPlain ? "Plain" : "Tls"; });

awaitable<void> write(ByteStream& stream, ByteView first, ByteView second = {}) {
  EXPECT_TRUE(co_await stream.write_all(first, second));
}

awaitable<void> expect_read(ByteStream& stream, ByteView expected) {
  Bytes got(expected.size());
  EXPECT_TRUE(co_await stream.read_exactly(got));
  EXPECT_TRUE(std::ranges::equal(got, expected));
}

awaitable<void> expect_read_error(ByteStream& stream, NetError expected) {
  Bytes room(100);
  const auto got = co_await stream.read_some(room);
  EXPECT_EQ(got, fail(expected)) << (got ? "read something" : to_string(got.error()));
}

awaitable<void> write_until(ByteStream& stream, NetError expected) {
  const Bytes bytes(kMiB);
  for (;;) {
    const auto written = co_await stream.write_all(bytes);
    if (written) continue;
    EXPECT_EQ(written.error(), expected) << to_string(written.error());
    co_return;
  }
}

TEST_P(Streams, CarryLargeTransfersBothWaysAtOnce) {
  constexpr std::size_t kBytes = 64 * kMiB;
  const Bytes there = pattern(kBytes, 1);
  const Bytes back = pattern(kBytes, 2);
  const auto view = [](const Bytes& bytes) { return ByteView(bytes); };
  // A small header and a large payload, as frames have them.
  run_all(io_, write(*one_, view(there).first(77), view(there).subspan(77)), expect_read(*one_, back),
          write(*other_, view(back).first(40000), view(back).subspan(40000)), expect_read(*other_, there));
  EXPECT_EQ(one_->counts().sent, kBytes);
  EXPECT_EQ(one_->counts().received, kBytes);
}

TEST_P(Streams, CarryDribbledBytes) {
  const Bytes bytes = pattern(300);
  const auto dribble = [&]() -> awaitable<void> {
    for (const std::uint8_t byte : bytes) {
      EXPECT_TRUE(co_await one_->write_all(ByteView(&byte, 1)));
      co_await asio::post(io_, asio::use_awaitable);
    }
  };
  run_all(io_, dribble(), expect_read(*other_, bytes));
}

TEST_P(Streams, SayWhenThePeerHasClosed) {
  const Bytes last = pattern(1000);
  run_all(io_, write(*one_, last));
  one_->close();
  run_all(io_, expect_read(*other_, last));
  run_all(io_, expect_read_error(*other_, NetError::kClosed));
  run_all(io_, expect_read_error(*one_, NetError::kCancelled));
}

TEST_P(Streams, EndWaitingReadsAndWritesWhenClosed) {
  const auto close = [&]() -> awaitable<void> {
    one_->close();
    one_->close();
    co_return;
  };
  run_all(io_, expect_read_error(*one_, NetError::kCancelled), write_until(*one_, NetError::kCancelled), close());
}

TEST_P(Streams, EndEverythingAtAReadDeadline) {
  one_->set_read_deadline(now() + milliseconds(20));
  run_all(io_, expect_read_error(*one_, NetError::kTimeout), write_until(*one_, NetError::kTimeout));
  run_all(io_, expect_read_error(*one_, NetError::kTimeout));
}

TEST_P(Streams, EndEverythingAtAWriteDeadline) {
  one_->set_write_deadline(now() + milliseconds(20));
  run_all(io_, write_until(*one_, NetError::kTimeout), expect_read_error(*one_, NetError::kTimeout));
}

TEST_P(Streams, WorkOnWhenADeadlineWasLifted) {
  one_->set_deadline(now() + std::chrono::hours(1));
  one_->set_deadline(std::nullopt);
  const Bytes bytes = pattern(10);
  run_all(io_, write(*other_, bytes), expect_read(*one_, bytes));
}

TEST_P(Streams, ReportAPeerThatIsGoneWhenWriting) {
  other_->close();
  // The first write may still succeed; the peer's reset ends a later one.
  const Bytes bytes(kMiB);
  const auto until_error = [&]() -> awaitable<void> {
    for (;;) {
      const auto written = co_await one_->write_all(bytes);
      if (written) continue;
      EXPECT_EQ(written.error(), NetError::kReset) << to_string(written.error());
      co_return;
    }
  };
  run_all(io_, until_error());
}

TEST_P(Streams, FinishBringsTheLastMessageToAPeerThatStillSends) {
  const Bytes last = pattern(5000);
  const auto finish = [&]() -> awaitable<void> {
    EXPECT_TRUE(co_await one_->write_all(last));
    co_await one_->finish(now() + std::chrono::seconds(30));
  };
  const auto read_late = [&]() -> awaitable<void> {
    const Bytes chatter(300000);
    EXPECT_TRUE(co_await other_->write_all(chatter));
    co_await expect_read(*other_, last);
    co_await expect_read_error(*other_, NetError::kClosed);
    other_->close();
  };
  run_all(io_, finish(), read_late());
  run_all(io_, expect_read_error(*one_, NetError::kCancelled));
}

TEST_P(Streams, FinishWaitsNoLongerThanItsDeadline) {
  const auto finish = [&]() -> awaitable<void> { co_await one_->finish(now() + milliseconds(20)); };
  run_all(io_, finish());
}

TEST_P(Streams, LetOthersOfTheirLaneRunDuringALongTransfer) {
  const Bytes bytes = pattern(16 * kMiB);
  Bytes got(bytes.size());
  bool is_over = false;
  int turns = 0;
  const auto transfer = [&]() -> awaitable<void> {
    EXPECT_TRUE(co_await other_->read_exactly(got));
    is_over = true;
  };
  const auto others = [&]() -> awaitable<void> {
    while (!is_over) {
      co_await asio::post(io_, asio::use_awaitable);
      ++turns;
    }
  };
  run_all(io_, transfer(), write(*one_, bytes), others());
  EXPECT_GE(turns, 15);
}

TEST(TlsStream, EndsASilentHandshakeAtItsDeadline) {
  asio::io_context io(1);
  const TlsContext context = make_context();
  for (const auto role : {TlsStream::Role::kClient, TlsStream::Role::kServer}) {
    SocketPair sockets = connected_pair(io);
    TlsStream stream(std::move(sockets.one), context, role);
    stream.set_deadline(now() + milliseconds(20));
    const auto handshake = [&]() -> awaitable<void> {
      EXPECT_EQ(co_await stream.handshake(), fail(NetError::kTimeout));
    };
    run_all(io, handshake());
  }
}

TEST(TlsStream, TellsAPeerThatItIsTheWrongOne) {
  asio::io_context io(1);
  const TlsContext alice = make_context();
  const TlsContext bob = make_context();
  SocketPair sockets = connected_pair(io);
  TlsStream client(std::move(sockets.one), alice, TlsStream::Role::kClient, make_context().peer_id());
  TlsStream server(std::move(sockets.other), bob, TlsStream::Role::kServer);
  const auto dial = [&]() -> awaitable<void> {
    EXPECT_EQ(co_await client.handshake(), fail(NetError::kWrongPeer));
    client.close();
  };
  const auto accept = [&]() -> awaitable<void> { EXPECT_EQ(co_await server.handshake(), fail(NetError::kTls)); };
  run_all(io, dial(), accept());
}

TEST(TlsStream, SaysThatTheOtherSideSpeaksNoTls) {
  asio::io_context io(1);
  const TlsContext alice = make_context();
  SocketPair sockets = connected_pair(io);
  TlsStream client(std::move(sockets.one), alice, TlsStream::Role::kClient);
  PlainStream server(std::move(sockets.other));
  const auto dial = [&]() -> awaitable<void> { EXPECT_EQ(co_await client.handshake(), fail(NetError::kNotTls)); };
  run_all(io, dial(), write(server, as_bytes("HTTP/1.1 400 Bad Request\r\n\r\n")));
}

TEST(TlsStream, EndsAHandshakeThatIsHungUp) {
  asio::io_context io(1);
  const TlsContext alice = make_context();
  SocketPair sockets = connected_pair(io);
  TlsStream server(std::move(sockets.one), alice, TlsStream::Role::kServer);
  sockets.other.close();
  const auto accept = [&]() -> awaitable<void> { EXPECT_EQ(co_await server.handshake(), fail(NetError::kClosed)); };
  run_all(io, accept());
}

TEST(PlainStream, StillAnswersAPeerThatHasOnlyEndedItsOwnSide) {
  asio::io_context io(1);
  SocketPair sockets = connected_pair(io);
  PlainStream server(std::move(sockets.one));
  sockets.other.shutdown(tcp::socket::shutdown_send);
  run_all(io, expect_read_error(server, NetError::kClosed));
  PlainStream asker(std::move(sockets.other));
  const Bytes answer = pattern(100);
  run_all(io, write(server, answer), expect_read(asker, answer));
}

}  // namespace
}  // namespace essaim::transport
