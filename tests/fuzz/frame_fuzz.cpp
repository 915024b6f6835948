// Whatever bytes arrive, and however they are cut, the decoder keeps its invariants, gives the same frames, and holds
// no more memory than what arrived and one step. The first byte chooses level and limit, the second how the rest is
// cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/text.hpp"
#include "wire/frame.hpp"
#include "wire/json.hpp"

using namespace essaim;
using namespace essaim::wire;

namespace {

FrameDecoder make_decoder(std::uint8_t choice) {
  const Level level = (choice & 1U) != 0 ? Level::kPeer : Level::kClassic;
  FrameDecoder decoder(level);
  if ((choice & 2U) != 0) decoder.set_json_bytes_max(json_bytes_max(level));
  return decoder;
}

// Every frame of the stream as text, and the error that ended it, if one did.
struct Outcome {
  std::vector<std::string> frames;
  std::string error;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

void check_frame(const Frame& frame) {
  ASSERT(frame.payload_bytes <= kPayloadBytesMax);
  ASSERT(is_utf8(wire::serialize(frame.object)));
}

Outcome decode(FrameDecoder decoder, ByteView stream, std::size_t step) {
  Outcome outcome;
  while (!stream.empty()) {
    const MutableByteView room = decoder.prepare();
    ASSERT(!room.empty() && room.size() <= kFramePrepareBytesMax);
    const std::size_t count = std::min({room.size(), step, stream.size()});
    std::copy_n(stream.begin(), count, room.begin());
    decoder.commit(count);
    decoder.check_invariants();
    stream = stream.subspan(count);

    const auto frame = decoder.next();
    if (!frame) {
      outcome.error = to_string(frame.error());
      ASSERT(decoder.prepare().empty());
      return outcome;
    }
    if (!frame->has_value()) continue;
    check_frame(**frame);
    outcome.frames.push_back(wire::serialize((*frame)->object));
    stream = stream.subspan(std::min<std::size_t>(stream.size(), (*frame)->payload_bytes));
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView stream(data + 2, size - 2);
  const std::size_t step = std::size_t{1} + data[1];
  ASSERT(decode(make_decoder(data[0]), stream, step) == decode(make_decoder(data[0]), stream, kFramePrepareBytesMax));
  return 0;
}
