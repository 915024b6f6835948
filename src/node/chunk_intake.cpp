#include "node/chunk_intake.hpp"

#include <utility>

#include "base/defence.hpp"
#include "content/hash.hpp"
#include "content/manifest.hpp"

namespace essaim::node {
namespace {

bool proves(const ChunkOrder& order, ByteView chunk) {
  if (!defended(Defence::kChunkHash)) return true;
  return order.leaf ? content::leaf_of(chunk) == *order.leaf : content::single_chunk_is(order.content, chunk);
}

swarm::FailReason reason_of(wire::ErrorCode code) {
  switch (code) {
    case wire::ErrorCode::kNotFound: return swarm::FailReason::kNotFound;
    case wire::ErrorCode::kChanged: return swarm::FailReason::kChanged;
    case wire::ErrorCode::kBusy: return swarm::FailReason::kBusy;
    default: return swarm::FailReason::kTimeout;
  }
}

}  // namespace

void ChunkIntake::expect(ChunkOrder order) { expected_.insert_or_assign(order.wire_id, std::move(order)); }

void ChunkIntake::forget(std::uint64_t wire_id) { expected_.erase(wire_id); }

bool ChunkIntake::refuse(std::uint64_t wire_id, wire::ErrorCode code) {
  const auto found = expected_.find(wire_id);
  if (found == expected_.end()) return false;
  const ChunkOrder order = std::move(found->second);
  expected_.erase(found);
  report_failure(order, reason_of(code));
  return true;
}

void ChunkIntake::fail_all() {
  for (const auto& [id, order] : std::exchange(expected_, {})) report_failure(order, swarm::FailReason::kClosed);
  buffer_ = Bytes();
}

boost::asio::awaitable<Expected<void, transport::NetError>> ChunkIntake::take(wire::Envelope envelope,
                                                                              transport::FrameStream& stream) {
  const auto found = expected_.find(envelope.id.value_or(0));
  if (found == expected_.end()) co_return co_await stream.skip_payload(envelope.payload_bytes);
  const ChunkOrder order = std::move(found->second);
  expected_.erase(found);

  if (defended(Defence::kChunkLength) && envelope.payload_bytes != order.length) {
    report_failure(order, swarm::FailReason::kBadHash);
    co_return co_await stream.skip_payload(envelope.payload_bytes);
  }
  // Not in expect(), which may be called while a chunk is read into it.
  if (buffer_.size() < order.length) buffer_.resize(order.length);
  const MutableByteView chunk(buffer_.data(), order.length);
  auto read = co_await stream.read_payload(chunk);
  if (!read) {
    report_failure(order, swarm::FailReason::kClosed);
    co_return read;
  }
  settle(order, chunk);
  if (expected_.empty()) buffer_ = Bytes();
  co_return read;
}

void ChunkIntake::settle(const ChunkOrder& order, ByteView chunk) { report_(settle_chunk(order, chunk, lane_)); }

void ChunkIntake::report_failure(const ChunkOrder& order, swarm::FailReason reason) {
  report_(failed_chunk(order, reason));
}

ChunkOutcome settle_chunk(const ChunkOrder& order, ByteView chunk, std::size_t lane) {
  if (!proves(order, chunk)) return failed_chunk(order, swarm::FailReason::kBadHash);
  ChunkOutcome outcome{.fetch = order.fetch,
                       .request = order.request,
                       .chunk = order.chunk,
                       .bytes = order.length,
                       .failure = {},
                       .disk = {}};
  if (auto stored = order.sink->store({.lane = lane, .item = order.chunk.item, .offset = order.offset}, chunk);
      !stored) {
    outcome.failure = swarm::FailReason::kDisk;
    outcome.disk = std::move(stored.error());
  }
  return outcome;
}

ChunkOutcome failed_chunk(const ChunkOrder& order, swarm::FailReason reason) {
  return {.fetch = order.fetch,
          .request = order.request,
          .chunk = order.chunk,
          .bytes = order.length,
          .failure = reason,
          .disk = {}};
}

}  // namespace essaim::node
