// Frames: u32 big-endian length | JSON object, UTF-8 | at level 1, as many raw bytes as the object's "payload" says.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/error_code.hpp"
#include "wire/level.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {

enum class FrameError {
  kEmpty,            // a length of 0
  kTooLarge,         // a length above the limit that holds now
  kNotJson,          // not one JSON text, or not UTF-8
  kNotObject,        //
  kTooComplex,       // too deep, too many keys or values, a number that is no double
  kDuplicateKey,     //
  kBadPayload,       // "payload" is not an integer from 0 on
  kPayloadTooLarge,  // more than kPayloadBytesMax
};
[[nodiscard]] std::string_view to_string(FrameError error);
// The code of the ERROR frame that tells a peer about it; after that the connection is closed.
[[nodiscard]] ErrorCode error_code_of(FrameError error);

struct Frame {
  boost::json::object object;
  std::uint64_t payload_bytes = 0;  // how many raw bytes follow; always 0 at level 0
};

// The two halves of a frame, for who reads them without a decoder.
[[nodiscard]] Expected<std::uint32_t, FrameError> parse_frame_length(
    std::span<const std::uint8_t, kFrameLengthBytes> length, std::size_t json_bytes_max);
[[nodiscard]] Expected<Frame, FrameError> parse_frame_object(std::string_view json, Level level);

// Length and JSON in one buffer (level-0 peers expect the four length bytes in one read). The payload, if any, is sent
// after it by the caller. The JSON must not exceed kClassicJsonBytesMax: who builds lists uses the *_that_fit
// functions.
[[nodiscard]] Bytes encode_frame(const boost::json::object& object);

// Takes frames apart as their bytes arrive. No I/O: the driver reads into prepare() and says how much came.
//
//   for (;;) { n = read(decoder.prepare()); decoder.commit(n); if (auto frame = decoder.next(); …) … }
//
//  - prepare() never asks for more than the current frame's JSON still needs. Rationale: what follows it is either the
//    next frame or a raw payload, and a payload is read by the driver straight to where it belongs, uncopied.
//  - prepare() gives at most kFramePrepareBytesMax at once. Rationale: a peer that announces 8 MiB and sends nothing
//    must not make us hold 8 MiB.
//  - The first error is final: next() repeats it and prepare() is empty. Rationale: the boundaries are lost.
class FrameDecoder {
 public:
  // Begins with a limit of kFirstFrameBytesMax; raise it once the peer is known.
  explicit FrameDecoder(Level level);

  // Where the next bytes go. Valid until the next call of anything here; empty when a frame waits in next().
  [[nodiscard]] MutableByteView prepare();
  // The first `bytes` bytes of prepare()'s answer have been filled; at most all of them.
  void commit(std::size_t bytes);
  // A frame as soon as its JSON is complete; nothing while bytes are missing. The payload is not part of it: whoever
  // drives this reads `payload_bytes` bytes from the stream itself before the next prepare().
  [[nodiscard]] Expected<std::optional<Frame>, FrameError> next();

  // Copies from `bytes` up to the end of the current frame's JSON and says how many bytes that took; call next() then.
  [[nodiscard]] std::size_t feed(ByteView bytes);

  // Holds from the next length on.
  void set_json_bytes_max(std::size_t bytes) { json_bytes_max_ = bytes; }
  // True between two frames: where a stream may end in good order.
  [[nodiscard]] bool at_frame_boundary() const { return filled_ == 0 && !error_; }
  void check_invariants() const;

 private:
  [[nodiscard]] std::size_t missing_bytes() const;

  Level level_;
  std::size_t json_bytes_max_ = kFirstFrameBytesMax;
  Bytes buffer_;                             // length and JSON of the current frame
  std::size_t filled_ = 0;                   // bytes of buffer_ that arrived
  std::optional<std::uint32_t> json_bytes_;  // the frame's length, once its four bytes are there
  std::optional<FrameError> error_;
};

}  // namespace essaim::wire
