// The receiving end of the data path: chunks that were asked for, on one session, on its lane.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "node/session_values.hpp"
#include "transport/frame_stream.hpp"
#include "wire/message.hpp"

namespace essaim::node {

// Checks what came as the chunk that was ordered, and stores it if it is that. On the lane of this number.
[[nodiscard]] ChunkOutcome settle_chunk(const ChunkOrder& order, ByteView chunk, std::size_t lane);
[[nodiscard]] ChunkOutcome failed_chunk(const ChunkOrder& order, swarm::FailReason reason);

// Reads each chunk into one buffer, hashes it there, and gives it to its sink from there: no copy besides.
//  - A chunk that nobody asked for, or that is not as long as asked for, is read past and never stored.
//  - Nothing unverified reaches a sink.
// Belongs to a lane.
class ChunkIntake {
 public:
  ChunkIntake(std::size_t lane, std::function<void(ChunkOutcome)> report) : lane_(lane), report_(std::move(report)) {}

  void expect(ChunkOrder order);
  // The answer is no longer wanted; if it comes all the same, it is read past.
  void forget(std::uint64_t wire_id);
  // What the peer said instead of sending the chunk. False when that was no answer to a chunk request.
  bool refuse(std::uint64_t wire_id, wire::ErrorCode code);
  [[nodiscard]] bool expects_more() const { return !expected_.empty(); }
  // The session ended: every chunk still expected fails.
  void fail_all();

  // Takes the payload of a CHUNK_DATA frame off the stream. Only errors of the connection are errors here.
  [[nodiscard]] boost::asio::awaitable<Expected<void, transport::NetError>> take(wire::Envelope envelope,
                                                                                 transport::FrameStream& stream);

 private:
  void settle(const ChunkOrder& order, ByteView chunk);
  void report_failure(const ChunkOrder& order, swarm::FailReason reason);

  std::size_t lane_;  // its number
  std::function<void(ChunkOutcome)> report_;
  std::unordered_map<std::uint64_t, ChunkOrder> expected_;
  Bytes buffer_;  // as long as the longest chunk read so far; let go when nothing is expected
};

}  // namespace essaim::node
