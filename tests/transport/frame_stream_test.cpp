#include "transport/frame_stream.hpp"

#include <string>

#include <boost/asio/steady_timer.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "loopback.hpp"
#include "transport/clock.hpp"
#include "transport/plain_stream.hpp"

namespace essaim::transport {
namespace {

using std::chrono::milliseconds;

Bytes frame_of(std::string_view json) { return wire::encode_frame(boost::json::parse(json).as_object()); }

class FrameStreams : public testing::Test {
 protected:
  asio::io_context io_{1};
  SocketPair sockets_ = connected_pair(io_);
  PlainStream one_{std::move(sockets_.one)};
  PlainStream other_{std::move(sockets_.other)};
};

awaitable<void> expect_frame(FrameStream& frames, std::string_view json) {
  const auto frame = co_await frames.read_frame();
  EXPECT_TRUE(frame) << to_string(frame.error());
  if (frame) EXPECT_EQ(boost::json::value(frame->object), boost::json::parse(json));
}

awaitable<void> expect_error(FrameStream& frames, StreamError expected) {
  const auto frame = co_await frames.read_frame();
  EXPECT_FALSE(frame);
  if (!frame) EXPECT_EQ(frame.error(), expected) << to_string(frame.error());
}

TEST_F(FrameStreams, CarryFramesAndTheirPayloads) {
  FrameStream sender(one_, wire::Level::kPeer);
  FrameStream receiver(other_, wire::Level::kPeer);
  const Bytes payload = pattern(300000);
  const auto send = [&]() -> awaitable<void> {
    EXPECT_TRUE(co_await sender.write(frame_of(R"({"type":"PING"})")));
    const Bytes header = frame_of(R"({"type":"CHUNK_DATA","payload":300000})");
    EXPECT_TRUE(co_await sender.write(header, payload));
    EXPECT_TRUE(co_await sender.write(header, payload));
    EXPECT_TRUE(co_await sender.write(frame_of(R"({"type":"GOODBYE"})")));
  };
  const auto receive = [&]() -> awaitable<void> {
    co_await expect_frame(receiver, R"({"type":"PING"})");
    const auto frame = co_await receiver.read_frame();
    EXPECT_TRUE(frame);
    if (!frame) co_return;
    EXPECT_EQ(frame->payload_bytes, payload.size());
    Bytes got(payload.size());
    EXPECT_TRUE(co_await receiver.read_payload(MutableByteView(got).first(1000)));
    EXPECT_TRUE(co_await receiver.read_payload(MutableByteView(got).subspan(1000)));
    EXPECT_EQ(got, payload);
    EXPECT_TRUE(co_await receiver.read_frame());
    EXPECT_TRUE(co_await receiver.skip_payload(payload.size()));
    co_await expect_frame(receiver, R"({"type":"GOODBYE"})");
  };
  run_all(io_, send(), receive());
}

TEST_F(FrameStreams, RefuseALengthBombAndStayRefusing) {
  FrameStream receiver(other_, wire::Level::kPeer);
  const auto send = [&]() -> awaitable<void> {
    const Bytes bomb = {0xFF, 0xFF, 0xFF, 0xFF};
    EXPECT_TRUE(co_await one_.write_all(bomb, frame_of("{}")));
  };
  const auto receive = [&]() -> awaitable<void> {
    co_await expect_error(receiver, wire::FrameError::kTooLarge);
    co_await expect_error(receiver, wire::FrameError::kTooLarge);
  };
  run_all(io_, send(), receive());
}

TEST_F(FrameStreams, TakeLargeFramesOnlyFromAcceptedPeers) {
  const std::string json = R"({"text":")" + std::string(wire::kFirstFrameBytesMax, 'x') + R"("})";
  FrameStream receiver(other_, wire::Level::kPeer);
  const auto send = [&]() -> awaitable<void> { EXPECT_TRUE(co_await one_.write_all(frame_of(json), frame_of(json))); };
  const auto receive = [&]() -> awaitable<void> {
    receiver.accept_peer();
    co_await expect_frame(receiver, json);
    FrameStream stranger(other_, wire::Level::kPeer);
    co_await expect_error(stranger, wire::FrameError::kTooLarge);
  };
  run_all(io_, send(), receive());
}

TEST_F(FrameStreams, SayWhenThePeerIsGone) {
  FrameStream receiver(other_, wire::Level::kPeer);
  one_.close();
  run_all(io_, expect_error(receiver, NetError::kClosed));
}

TEST_F(FrameStreams, EndAPeerThatIsSilentForTooLong) {
  FrameStream receiver(other_, wire::Level::kPeer, {.idle_max = milliseconds(20)});
  run_all(io_, expect_error(receiver, NetError::kTimeout));
}

TEST_F(FrameStreams, EndAPeerThatDribblesInsideAFrame) {
  const PaceLimits pace{.idle_max = std::chrono::hours(1), .window = milliseconds(20)};
  FrameStream receiver(other_, wire::Level::kPeer, pace);
  bool is_over = false;
  const auto dribble = [&]() -> awaitable<void> {
    const Bytes frame = frame_of(R"({"text":")" + std::string(4000, 'x') + R"("})");
    asio::steady_timer timer(io_);
    for (const std::uint8_t byte : frame) {
      if (is_over || !co_await one_.write_all(ByteView(&byte, 1))) co_return;
      timer.expires_after(milliseconds(1));
      co_await timer.async_wait(kAwait);
    }
  };
  const auto receive = [&]() -> awaitable<void> {
    co_await expect_error(receiver, NetError::kTimeout);
    is_over = true;
  };
  run_all(io_, dribble(), receive());
}

TEST_F(FrameStreams, EndAPeerThatWithholdsAPayload) {
  const PaceLimits pace{.idle_max = std::chrono::hours(1), .window = milliseconds(20), .bytes_per_second_min = kGiB};
  FrameStream receiver(other_, wire::Level::kPeer, pace);
  const auto receive = [&]() -> awaitable<void> {
    Bytes room(1000);
    EXPECT_EQ(co_await receiver.read_payload(room), fail(NetError::kTimeout));
  };
  run_all(io_, receive());
}

TEST_F(FrameStreams, EndAPeerThatTakesNothing) {
  const PaceLimits pace{.idle_max = std::chrono::hours(1), .window = milliseconds(20), .bytes_per_second_min = kGiB};
  FrameStream sender(one_, wire::Level::kPeer, pace);
  const Bytes payload(kMiB);
  const auto send = [&]() -> awaitable<void> {
    for (;;) {
      const auto written = co_await sender.write(frame_of("{}"), payload);
      if (written) continue;
      EXPECT_EQ(written.error(), NetError::kTimeout);
      co_return;
    }
  };
  run_all(io_, send());
}

TEST_F(FrameStreams, HoldNobodyToThePaceWhileNobodyReads) {
  FrameStream receiver(other_, wire::Level::kPeer, {.idle_max = milliseconds(20), .window = milliseconds(20)});
  const auto exchange = [&]() -> awaitable<void> {
    EXPECT_TRUE(co_await one_.write_all(frame_of("{}"), frame_of("{}")));
    co_await expect_frame(receiver, "{}");
    asio::steady_timer timer(io_, milliseconds(60));  // longer than any of the limits
    co_await timer.async_wait(kAwait);
    co_await expect_frame(receiver, "{}");
  };
  run_all(io_, exchange());
}

TEST_F(FrameStreams, EndAtTheAbsoluteDeadlineWhateverThePace) {
  FrameStream receiver(other_, wire::Level::kPeer);
  receiver.set_deadline(now() + milliseconds(20));
  const auto receive = [&]() -> awaitable<void> {
    co_await expect_frame(receiver, "{}");
    co_await expect_error(receiver, NetError::kTimeout);
  };
  const auto send = [&]() -> awaitable<void> { EXPECT_TRUE(co_await one_.write_all(frame_of("{}"))); };
  run_all(io_, receive(), send());
}

}  // namespace
}  // namespace essaim::transport
