#include "transport/first_byte.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "loopback.hpp"
#include "transport/clock.hpp"

namespace essaim::transport {
namespace {

using Peeked = Expected<std::optional<wire::Level>, NetError>;

class FirstByte : public testing::Test {
 protected:
  Peeked peek(Instant deadline) {
    Peeked result = fail(NetError::kSystem);
    const auto body = [&]() -> awaitable<void> { result = co_await peek_level(sockets_.one, deadline); };
    run_all(io_, body());
    return result;
  }

  asio::io_context io_{1};
  SocketPair sockets_ = connected_pair(io_);
};

TEST_F(FirstByte, IsLookedAtAndLeftThere) {
  const Bytes hello = {0x16, 0x03, 0x01};
  asio::write(sockets_.other, asio::buffer(hello));
  EXPECT_EQ(peek(now() + std::chrono::seconds(30)), wire::Level::kPeer);
  Bytes got(3);
  asio::read(sockets_.one, asio::buffer(got));
  EXPECT_EQ(got, hello);
}

TEST_F(FirstByte, TellsTheLevels) {
  asio::write(sockets_.other, asio::buffer("\0", 1));
  EXPECT_EQ(peek(now() + std::chrono::seconds(30)), wire::Level::kClassic);
}

TEST_F(FirstByte, MayBeNeither) {
  asio::write(sockets_.other, asio::buffer("GET /", 5));
  EXPECT_EQ(peek(now() + std::chrono::seconds(30)), std::nullopt);
}

TEST_F(FirstByte, IsWaitedForNoLongerThanTheDeadline) {
  EXPECT_EQ(peek(now() + std::chrono::milliseconds(20)), fail(NetError::kTimeout));
}

TEST_F(FirstByte, NeverComesFromAClosedConnection) {
  sockets_.other.close();
  EXPECT_EQ(peek(now() + std::chrono::seconds(30)), fail(NetError::kClosed));
}

TEST_F(FirstByte, EndsWhenWeCloseTheSocket) {
  const auto body = [&]() -> awaitable<void> {
    EXPECT_EQ(co_await peek_level(sockets_.one, now() + std::chrono::seconds(30)), fail(NetError::kCancelled));
  };
  const auto close = [&]() -> awaitable<void> {
    sockets_.one.close();
    co_return;
  };
  run_all(io_, body(), close());
}

}  // namespace
}  // namespace essaim::transport
