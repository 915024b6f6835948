// A JSON text that is a message of either level is within its limits, and survives being written and read again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/text.hpp"
#include "wire/classic_message.hpp"
#include "wire/json.hpp"
#include "wire/message.hpp"

using namespace essaim;
using namespace essaim::wire;

namespace {

// The frame that an encoded message is, read as its receiver would.
Frame read_back(ByteView encoded, Level level) {
  const std::string_view json = as_text(encoded.subspan(kFrameLengthBytes));
  ASSERT(is_utf8(json));
  auto frame = parse_frame_object(json, level);
  ASSERT(frame.has_value());
  return *frame;
}

void check_peer_message(std::string_view json) {
  const auto frame = parse_frame_object(json, Level::kPeer);
  if (!frame) return;
  const auto envelope = parse_message(*frame);
  if (!envelope) {
    ASSERT(!to_string(envelope.error()).empty());
    return;
  }
  ASSERT(type_of(envelope->message).size() <= kTypeBytesMax);
  ASSERT(envelope->payload_bytes == frame->payload_bytes);
  ASSERT(parse_message(read_back(encode_message(*envelope), Level::kPeer)) == *envelope);
}

void check_classic_message(std::string_view json) {
  const auto frame = parse_frame_object(json, Level::kClassic);
  if (!frame) return;
  const auto envelope = classic::parse_message(*frame);
  if (!envelope) {
    ASSERT(!envelope.error().field.empty());
    return;
  }
  ASSERT(envelope->peer_id.text.size() <= kPeerIdBytesMax);
  ASSERT(classic::parse_message(read_back(classic::encode_message(*envelope), Level::kClassic)) == *envelope);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json = as_text({data, size});
  check_peer_message(json);
  check_classic_message(json);
  return 0;
}
