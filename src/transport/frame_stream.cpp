#include "transport/frame_stream.hpp"

#include <algorithm>
#include <utility>

#include "base/defence.hpp"
#include "transport/clock.hpp"

namespace essaim::transport {
namespace {

constexpr std::uint64_t kSkipBytes = 16 * kKiB;

std::optional<Instant> earlier(std::optional<Instant> one, std::optional<Instant> other) {
  if (one && other) return std::min(*one, *other);
  return one ? one : other;
}

}  // namespace

std::string_view to_string(const StreamError& error) {
  return std::visit([](auto one) { return to_string(one); }, error);
}

FrameStream::FrameStream(ByteStream& stream, wire::Level level, PaceLimits pace)
    : stream_(stream), level_(level), pace_(pace), decoder_(level) {}

awaitable<Expected<wire::Frame, StreamError>> FrameStream::read_frame() {
  const std::uint64_t window_bytes_min = bytes_due(pace_.window);
  std::uint64_t window_bytes = 0;
  if (defended(Defence::kIdleLimit)) pace_read(now() + pace_.idle_max);
  for (;;) {
    auto frame = decoder_.next();
    if (!frame) co_return fail(StreamError(frame.error()));
    if (*frame) {
      pace_read(std::nullopt);
      co_return std::move(**frame);
    }
    const bool is_first = decoder_.at_frame_boundary();
    const auto got = co_await stream_.read_some(decoder_.prepare());
    if (!got) co_return fail(StreamError(got.error()));
    decoder_.commit(*got);
    window_bytes += *got;
    if (defended(Defence::kMinimumRate) && !is_first && window_bytes < window_bytes_min) continue;
    window_bytes = 0;
    pace_read(now() + pace_.window);
  }
}

awaitable<Expected<void, NetError>> FrameStream::read_payload(MutableByteView room) {
  pace_read(now() + time_for(room.size()));
  const auto read = co_await stream_.read_exactly(room);
  pace_read(std::nullopt);
  co_return read;
}

awaitable<Expected<void, NetError>> FrameStream::skip_payload(std::uint64_t bytes) {
  Bytes scratch(std::min(bytes, kSkipBytes));
  while (bytes > 0) {
    const std::size_t piece = std::min<std::uint64_t>(bytes, scratch.size());
    const auto read = co_await read_payload(MutableByteView(scratch).first(piece));
    if (!read) co_return fail(read.error());
    bytes -= piece;
  }
  co_return Expected<void, NetError>{};
}

awaitable<Expected<void, NetError>> FrameStream::write(ByteView frame_bytes, ByteView payload) {
  pace_write(now() + time_for(frame_bytes.size() + payload.size()));
  const auto written = co_await stream_.write_all(frame_bytes, payload);
  pace_write(std::nullopt);
  co_return written;
}

void FrameStream::set_deadline(std::optional<Instant> deadline) {
  deadline_ = deadline;
  pace_read(read_pace_);
  pace_write(write_pace_);
}

void FrameStream::pace_read(std::optional<Instant> deadline) {
  read_pace_ = deadline;
  stream_.set_read_deadline(earlier(deadline, deadline_));
}

void FrameStream::pace_write(std::optional<Instant> deadline) {
  write_pace_ = deadline;
  stream_.set_write_deadline(earlier(deadline, deadline_));
}

std::uint64_t FrameStream::bytes_due(Duration time) const {
  return pace_.bytes_per_second_min * static_cast<std::uint64_t>(time.count()) / Duration::period::den;
}

Duration FrameStream::time_for(std::uint64_t bytes) const {
  return pace_.window + Duration(bytes * Duration::period::den / pace_.bytes_per_second_min);
}

}  // namespace essaim::transport
