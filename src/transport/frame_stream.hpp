// Frames on a byte stream.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "transport/byte_stream.hpp"
#include "wire/frame.hpp"

namespace essaim::transport {

// The connection failed, or what came is no frame; only the second is worth an ERROR frame to the peer.
using StreamError = std::variant<NetError, wire::FrameError>;
[[nodiscard]] std::string_view to_string(const StreamError& error);

// How slow a peer may be.
struct PaceLimits {
  Duration idle_max = std::chrono::seconds(120);   // from the end of one frame to the first byte of the next
  Duration window = std::chrono::seconds(10);      // over which the rate is measured
  std::uint64_t bytes_per_second_min = 16 * kKiB;  // inside a frame and its payload, either direction
};

// Specification:
//  - read_frame(), then exactly the payload it announced (read_payload() or skip_payload(), in any number of pieces),
//    then the next read_frame(). One coroutine reads; another may write.
//  - Sets the stream's deadlines itself: the idle limit between frames, the minimum rate inside them. Rationale: a
//    peer that sends or takes a byte now and then must not hold a place for ever.
//  - set_deadline() sets an absolute deadline that none of these extends, for the time until a peer is accepted.
//  - The first error is final for its direction.
class FrameStream {
 public:
  // `stream` outlives this.
  FrameStream(ByteStream& stream, wire::Level level, PaceLimits pace = {});

  [[nodiscard]] awaitable<Expected<wire::Frame, StreamError>> read_frame();
  [[nodiscard]] awaitable<Expected<void, NetError>> read_payload(MutableByteView room);
  // Reads and forgets, in a bounded buffer.
  [[nodiscard]] awaitable<Expected<void, NetError>> skip_payload(std::uint64_t bytes);
  // `frame_bytes` from wire::encode_frame, then the payload, uncopied.
  [[nodiscard]] awaitable<Expected<void, NetError>> write(ByteView frame_bytes, ByteView payload = {});

  void set_deadline(std::optional<Instant> deadline);
  // Raises the limit of the first frame to the one of a known peer.
  void accept_peer() { decoder_.set_json_bytes_max(wire::json_bytes_max(level_)); }
  [[nodiscard]] ByteStream& bytes() { return stream_; }

 private:
  // Deadlines of our own, beside the one that was set.
  void pace_read(std::optional<Instant> deadline);
  void pace_write(std::optional<Instant> deadline);
  // What must arrive in that time, and how long that much may take.
  [[nodiscard]] std::uint64_t bytes_due(Duration time) const;
  [[nodiscard]] Duration time_for(std::uint64_t bytes) const;

  ByteStream& stream_;
  wire::Level level_;
  PaceLimits pace_;
  wire::FrameDecoder decoder_;
  std::optional<Instant> deadline_;
  std::optional<Instant> read_pace_;
  std::optional<Instant> write_pace_;
};

}  // namespace essaim::transport
