// Two ends of a connection: what one encodes the other decodes, however the network cuts it.
#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "wire/message_samples.hpp"

namespace essaim::wire {
namespace {

// A stream of bytes that arrives in pieces of random size.
class CutStream {
 public:
  CutStream(Bytes bytes, std::uint64_t seed) : bytes_(std::move(bytes)), random_(seed) {}

  [[nodiscard]] bool ended() const { return position_ == bytes_.size(); }
  // Fills a beginning of `room`; at least one byte unless the stream has ended.
  std::size_t read(MutableByteView room) {
    std::size_t count = std::min(room.size(), bytes_.size() - position_);
    if (count > 1) count = std::uniform_int_distribution<std::size_t>(1, count)(random_);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), count, room.begin());
    position_ += count;
    return count;
  }

 private:
  Bytes bytes_;
  std::size_t position_ = 0;
  std::mt19937_64 random_;
};

Bytes payload_of(std::uint64_t size) {
  Bytes payload(size);
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<std::uint8_t>(i * 131U);
  return payload;
}

// Samples in random order with random ids and random numbers in them.
std::vector<Envelope> random_envelopes(std::mt19937_64& random, std::size_t count) {
  std::vector<Sample<Envelope>> samples = peer_samples();
  std::vector<Envelope> envelopes;
  for (std::size_t i = 0; i < count; ++i) {
    Envelope envelope = samples[random() % samples.size()].envelope;
    if (envelope.id) envelope.id = random() >> 1U;
    if (auto* request = std::get_if<ChunkRequest>(&envelope.message)) {
      std::ranges::generate(request->file_id.bytes, [&] { return static_cast<std::uint8_t>(random()); });
      request->chunk_index = static_cast<std::uint32_t>(random() % kChunksPerContentMax);
      request->count = static_cast<std::uint32_t>(1 + random() % kChunksPerRequestMax);
    }
    if (auto* have = std::get_if<Have>(&envelope.message); have != nullptr && has_list(have->kind)) {
      have->numbers.resize(1 + random() % 50);
      std::ranges::generate(have->numbers, [&] { return static_cast<std::uint32_t>(random() % kChunksPerContentMax); });
    }
    envelopes.push_back(std::move(envelope));
  }
  return envelopes;
}

TEST(CodecPair, ExchangesAnyMessagesThroughAnyCuts) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const std::vector<Envelope> sent = random_envelopes(random, 20);
    Bytes bytes;
    for (const Envelope& envelope : sent) {
      std::ranges::copy(encode_message(envelope), std::back_inserter(bytes));
      std::ranges::copy(payload_of(envelope.payload_bytes), std::back_inserter(bytes));
    }

    CutStream stream(std::move(bytes), seed);
    FrameDecoder decoder(Level::kPeer);
    std::vector<Envelope> received;
    while (!stream.ended()) {
      decoder.commit(stream.read(decoder.prepare()));
      decoder.check_invariants();
      const auto frame = decoder.next();
      ASSERT_TRUE(frame.has_value()) << to_string(frame.error());
      if (!frame->has_value()) continue;
      const auto envelope = parse_message(**frame);
      ASSERT_TRUE(envelope.has_value()) << to_string(envelope.error());
      Bytes payload((*frame)->payload_bytes);
      for (std::size_t got = 0; got < payload.size();) got += stream.read(MutableByteView(payload).subspan(got));
      EXPECT_EQ(payload, payload_of(envelope->payload_bytes));
      received.push_back(*envelope);
    }
    EXPECT_TRUE(decoder.at_frame_boundary());
    EXPECT_EQ(received, sent);
  }
}

TEST(CodecPair, ExchangesClassicMessagesThroughAnyCuts) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::vector<classic::Envelope> sent;
    Bytes bytes;
    for (const Sample<classic::Envelope>& sample : classic_samples()) {
      std::ranges::copy(classic::encode_message(sample.envelope), std::back_inserter(bytes));
      sent.push_back(sample.envelope);
    }
    CutStream stream(std::move(bytes), seed);
    FrameDecoder decoder(Level::kClassic);
    std::vector<classic::Envelope> received;
    while (!stream.ended()) {
      decoder.commit(stream.read(decoder.prepare()));
      const auto frame = decoder.next();
      ASSERT_TRUE(frame.has_value());
      if (frame->has_value()) received.push_back(classic::parse_message(**frame).value());
    }
    EXPECT_EQ(received, sent);
  }
}

}  // namespace
}  // namespace essaim::wire
