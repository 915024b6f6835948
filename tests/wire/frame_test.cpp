#include "wire/frame.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <gtest/gtest.h>

#include "support/vector_file.hpp"
#include "wire/json.hpp"

namespace essaim::wire {
namespace {

std::array<std::uint8_t, kFrameLengthBytes> big_endian(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24U), static_cast<std::uint8_t>(value >> 16U),
          static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
}

Bytes frame_of(std::string_view json) {
  const auto length = big_endian(static_cast<std::uint32_t>(json.size()));
  Bytes frame(length.begin(), length.end());
  frame.insert(frame.end(), json.begin(), json.end());
  return frame;
}

// An object whose JSON is exactly `bytes` long; at least 8.
std::string object_of(std::size_t bytes) { return R"({"a":")" + std::string(bytes - 8, 'x') + R"("})"; }

// What the decoder says about a connection's first bytes: a frame's text, "more", or the error.
std::string verdict(FrameDecoder& decoder, ByteView bytes) {
  static_cast<void>(decoder.feed(bytes));
  decoder.check_invariants();
  const auto frame = decoder.next();
  decoder.check_invariants();
  if (!frame) return std::string(to_string(frame.error()));
  return frame->has_value() ? wire::serialize((*frame)->object) : "more";
}

TEST(FrameDecoder, AgreesWithThePublishedVectors) {
  const boost::json::object file = test::read_vectors("wire_frames.json");
  ASSERT_FALSE(file.at("frames").as_array().empty());
  for (const boost::json::value& row : file.at("frames").as_array()) {
    SCOPED_TRACE(test::text_at(row, "name"));
    FrameDecoder decoder(row.at("level").as_int64() == 0 ? Level::kClassic : Level::kPeer);
    static_cast<void>(decoder.feed(as_bytes(test::unhex_at(row, "frame"))));
    const auto frame = decoder.next();
    if (const boost::json::value* error = row.as_object().if_contains("error")) {
      ASSERT_FALSE(frame.has_value());
      EXPECT_EQ(to_string(frame.error()), std::string_view(error->as_string()));
    } else {
      ASSERT_TRUE(frame.has_value()) << to_string(frame.error());
      ASSERT_TRUE(frame->has_value());
      EXPECT_EQ((*frame)->payload_bytes, row.at("payload_bytes").to_number<std::uint64_t>());
    }
  }
}

TEST(FrameLength, IsWithinItsLimit) {
  constexpr std::uint32_t kMax = 8192;
  struct Case {
    std::uint32_t length;
    Expected<std::uint32_t, FrameError> expected;
  };
  const Case cases[] = {
      {0, fail(FrameError::kEmpty)},
      {1, 1},
      {kMax - 1, kMax - 1},
      {kMax, kMax},
      {kMax + 1, fail(FrameError::kTooLarge)},
      {0x7FFFFFFF, fail(FrameError::kTooLarge)},
      {0x80000000, fail(FrameError::kTooLarge)},
      {0x80000001, fail(FrameError::kTooLarge)},
      {0xFFFFFFFF, fail(FrameError::kTooLarge)},
  };
  for (const Case& c : cases) EXPECT_EQ(parse_frame_length(big_endian(c.length), kMax), c.expected) << c.length;
}

TEST(FrameDecoder, KeepsToEachLimitThatItIsGiven) {
  for (const std::size_t limit : {kFirstFrameBytesMax, kPeerJsonBytesMax, kClassicJsonBytesMax}) {
    SCOPED_TRACE(limit);
    for (const std::size_t bytes : {limit - 1, limit}) {
      FrameDecoder decoder(Level::kClassic);
      decoder.set_json_bytes_max(limit);
      EXPECT_EQ(verdict(decoder, frame_of(object_of(bytes))).size(), bytes);
    }
    FrameDecoder decoder(Level::kClassic);
    decoder.set_json_bytes_max(limit);
    EXPECT_EQ(verdict(decoder, big_endian(static_cast<std::uint32_t>(limit + 1))), "a frame above the limit");
  }
}

TEST(FrameDecoder, BeginsWithTheLimitOfAFirstFrame) {
  FrameDecoder decoder(Level::kPeer);
  EXPECT_EQ(verdict(decoder, big_endian(kFirstFrameBytesMax)), "more");
  FrameDecoder other(Level::kPeer);
  EXPECT_EQ(verdict(other, big_endian(kFirstFrameBytesMax + 1)), "a frame above the limit");
}

TEST(FrameDecoder, FindsTheFrameWhereverItIsCut) {
  const Bytes frame = frame_of(R"({"type":"PING","id":7})");
  for (std::size_t cut = 0; cut < frame.size(); ++cut) {
    FrameDecoder decoder(Level::kPeer);
    ASSERT_EQ(verdict(decoder, ByteView(frame).first(cut)), "more") << cut;
    EXPECT_EQ(decoder.at_frame_boundary(), cut == 0);
    EXPECT_EQ(verdict(decoder, ByteView(frame).subspan(cut)), R"({"type":"PING","id":7})") << cut;
    EXPECT_TRUE(decoder.at_frame_boundary());
  }
}

TEST(FrameDecoder, StopsAtTheEndOfTheJsonSoThatThePayloadIsReadByItsDriver) {
  Bytes stream = frame_of(R"({"type":"A","payload":5})");
  const std::size_t json_end = stream.size();
  const Bytes payload{0xFF, 0x00, 0x01, 0x7B, 0x7D};
  stream.insert(stream.end(), payload.begin(), payload.end());
  const Bytes second = frame_of(R"({"type":"B"})");
  stream.insert(stream.end(), second.begin(), second.end());

  FrameDecoder decoder(Level::kPeer);
  EXPECT_EQ(decoder.feed(stream), json_end);
  EXPECT_TRUE(decoder.prepare().empty());
  const auto frame = decoder.next();
  ASSERT_TRUE(frame.has_value() && frame->has_value());
  ASSERT_EQ((*frame)->payload_bytes, 5U);
  EXPECT_EQ(verdict(decoder, ByteView(stream).subspan(json_end + 5)), R"({"type":"B"})");
}

TEST(FrameDecoder, AsksForTheLengthFirstAndThenForNoMoreThanTheRest) {
  FrameDecoder decoder(Level::kPeer);
  EXPECT_EQ(decoder.prepare().size(), kFrameLengthBytes);
  EXPECT_EQ(decoder.feed(big_endian(100)), kFrameLengthBytes);
  EXPECT_EQ(decoder.prepare().size(), 100U);
  decoder.prepare()[0] = '{';
  decoder.commit(1);
  EXPECT_EQ(decoder.prepare().size(), 99U);
}

TEST(FrameDecoder, MakesNoMoreRoomThanItsStepForALengthThatOnlyWasClaimed) {
  FrameDecoder decoder(Level::kClassic);
  decoder.set_json_bytes_max(kClassicJsonBytesMax);
  EXPECT_EQ(decoder.feed(big_endian(kClassicJsonBytesMax)), kFrameLengthBytes);
  EXPECT_EQ(decoder.prepare().size(), kFramePrepareBytesMax);
  decoder.commit(kFramePrepareBytesMax);
  EXPECT_EQ(decoder.prepare().size(), kFramePrepareBytesMax);
  decoder.check_invariants();
}

TEST(FrameDecoder, RepeatsItsErrorForEver) {
  FrameDecoder decoder(Level::kPeer);
  EXPECT_EQ(verdict(decoder, frame_of("[]")), "a frame that is not a JSON object");
  EXPECT_TRUE(decoder.prepare().empty());
  EXPECT_EQ(decoder.feed(frame_of("{}")), 0U);
  EXPECT_EQ(verdict(decoder, frame_of("{}")), "a frame that is not a JSON object");
  EXPECT_FALSE(decoder.at_frame_boundary());
}

TEST(EncodeFrame, PutsLengthAndJsonIntoOneBuffer) {
  EXPECT_EQ(encode_frame({{"type", "PING"}}), frame_of(R"({"type":"PING"})"));
}

TEST(FrameError, HasACodeForThePeer) {
  EXPECT_EQ(error_code_of(FrameError::kTooLarge), ErrorCode::kTooLarge);
  EXPECT_EQ(error_code_of(FrameError::kPayloadTooLarge), ErrorCode::kTooLarge);
  EXPECT_EQ(error_code_of(FrameError::kNotJson), ErrorCode::kBadRequest);
}

}  // namespace
}  // namespace essaim::wire
