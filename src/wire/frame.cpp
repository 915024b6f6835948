#include "wire/frame.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/assert.hpp"
#include "base/defence.hpp"
#include "wire/fields.hpp"
#include "wire/json.hpp"

namespace essaim::wire {
namespace {

FrameError frame_error_of(JsonError error) {
  switch (error) {
    case JsonError::kSyntax: return FrameError::kNotJson;
    case JsonError::kNotObject: return FrameError::kNotObject;
    case JsonError::kDuplicateKey: return FrameError::kDuplicateKey;
    case JsonError::kTooDeep:
    case JsonError::kTooManyKeys:
    case JsonError::kTooManyValues:
    case JsonError::kInfinite: return FrameError::kTooComplex;
  }
  return FrameError::kNotJson;
}

}  // namespace

std::string_view to_string(FrameError error) {
  switch (error) {
    case FrameError::kEmpty: return "a frame of no bytes";
    case FrameError::kTooLarge: return "a frame above the limit";
    case FrameError::kNotJson: return "a frame that is not JSON";
    case FrameError::kNotObject: return "a frame that is not a JSON object";
    case FrameError::kTooComplex: return "a frame of too deep, too many or too large JSON values";
    case FrameError::kDuplicateKey: return "a frame that names a key twice";
    case FrameError::kBadPayload: return "a payload length that is not an integer";
    case FrameError::kPayloadTooLarge: return "a payload above the limit";
  }
  return "unknown";
}

ErrorCode error_code_of(FrameError error) {
  const bool large = error == FrameError::kTooLarge || error == FrameError::kPayloadTooLarge;
  return large ? ErrorCode::kTooLarge : ErrorCode::kBadRequest;
}

Expected<std::uint32_t, FrameError> parse_frame_length(std::span<const std::uint8_t, kFrameLengthBytes> length,
                                                       std::size_t json_bytes_max) {
  std::uint32_t bytes = 0;
  for (const std::uint8_t byte : length) bytes = (bytes << 8U) | byte;
  if (bytes == 0) return fail(FrameError::kEmpty);
  if (defended(Defence::kFrameLength) && bytes > json_bytes_max) return fail(FrameError::kTooLarge);
  return bytes;
}

Expected<Frame, FrameError> parse_frame_object(std::string_view json, Level level) {
  auto object = parse_object(json);
  if (!object) return fail(frame_error_of(object.error()));
  Frame frame{.object = std::move(*object)};
  if (level == Level::kClassic) return frame;
  FieldReader in(frame.object);
  const auto payload = in.find_integer("payload", Range<std::uint64_t>{0, std::numeric_limits<std::uint64_t>::max()});
  if (in.fault()) return fail(FrameError::kBadPayload);
  frame.payload_bytes = payload.value_or(0);
  if (defended(Defence::kPayloadLength) && frame.payload_bytes > kPayloadBytesMax)
    return fail(FrameError::kPayloadTooLarge);
  return frame;
}

Bytes encode_frame(const boost::json::object& object) {
  const std::string json = wire::serialize(object);
  ASSERT(json.size() <= kClassicJsonBytesMax);
  Bytes frame;
  frame.reserve(kFrameLengthBytes + json.size());
  for (const unsigned shift : {24U, 16U, 8U, 0U}) frame.push_back(static_cast<std::uint8_t>(json.size() >> shift));
  frame.insert(frame.end(), json.begin(), json.end());
  return frame;
}

FrameDecoder::FrameDecoder(Level level) : level_(level) {}

MutableByteView FrameDecoder::prepare() {
  const std::size_t step_max = defended(Defence::kFramePrepareStep) ? kFramePrepareBytesMax : missing_bytes();
  const std::size_t room = std::min(missing_bytes(), step_max);
  if (buffer_.size() < filled_ + room) buffer_.resize(filled_ + room);
  return MutableByteView(buffer_).subspan(filled_, room);
}

void FrameDecoder::commit(std::size_t bytes) {
  ASSERT(bytes <= missing_bytes() && filled_ + bytes <= buffer_.size());
  filled_ += bytes;
  if (json_bytes_ || filled_ < kFrameLengthBytes) return;
  const auto length = parse_frame_length(std::span(buffer_).first<kFrameLengthBytes>(), json_bytes_max_);
  if (length) {
    json_bytes_ = *length;
  } else {
    error_ = length.error();
  }
}

Expected<std::optional<Frame>, FrameError> FrameDecoder::next() {
  if (error_) return fail(*error_);
  if (missing_bytes() > 0) return std::nullopt;
  auto frame = parse_frame_object(as_text(ByteView(buffer_).subspan(kFrameLengthBytes, *json_bytes_)), level_);
  buffer_.clear();
  if (buffer_.capacity() > kFramePrepareBytesMax) buffer_.shrink_to_fit();
  filled_ = 0;
  json_bytes_.reset();
  if (frame) return std::move(*frame);
  error_ = frame.error();
  return fail(*error_);
}

std::size_t FrameDecoder::feed(ByteView bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const MutableByteView room = prepare();
    if (room.empty()) break;
    const std::size_t count = std::min(room.size(), bytes.size() - taken);
    std::ranges::copy(bytes.subspan(taken, count), room.begin());
    commit(count);
    taken += count;
  }
  return taken;
}

void FrameDecoder::check_invariants() const {
  ASSERT(filled_ <= buffer_.size());
  ASSERT(buffer_.size() <= filled_ + kFramePrepareBytesMax);
  ASSERT(!json_bytes_ || (filled_ >= kFrameLengthBytes && filled_ <= kFrameLengthBytes + *json_bytes_));
  ASSERT(json_bytes_ || error_ || filled_ < kFrameLengthBytes);
}

std::size_t FrameDecoder::missing_bytes() const {
  if (error_) return 0;
  const std::size_t wanted = json_bytes_ ? kFrameLengthBytes + *json_bytes_ : kFrameLengthBytes;
  return wanted - filled_;
}

}  // namespace essaim::wire
