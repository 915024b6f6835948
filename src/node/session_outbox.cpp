#include "node/session_outbox.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace essaim::node {
namespace {

namespace asio = boost::asio;

void append(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

wire::ErrorCode code_of(const storage::StorageError& error) {
  switch (error.kind) {
    case storage::StorageError::Kind::kChanged:
    case storage::StorageError::Kind::kNotFound: return wire::ErrorCode::kChanged;
    case storage::StorageError::Kind::kTooManyOpen: return wire::ErrorCode::kBusy;
    default: return wire::ErrorCode::kInternal;
  }
}

std::string_view sentence_of(wire::ErrorCode code) {
  return code == wire::ErrorCode::kChanged ? "the file has changed since it was shared" : "the file cannot be read now";
}

}  // namespace

SessionOutbox::SessionOutbox(const asio::any_io_executor& lane, Unsent& unsent,
                             std::function<void(ServeOutcome)> report)
    : unsent_(unsent), report_(std::move(report)), pushed_(lane, asio::steady_timer::time_point::max()) {}

void SessionOutbox::push(Bytes frame) {
  if (finishing_) return unsent_.take(frame.size());
  frames_.push_back(std::move(frame));
  pushed_.cancel();
}

void SessionOutbox::push(ServeOrder order) {
  if (finishing_) return report_unsent(order);
  orders_.push_back(std::move(order));
  pushed_.cancel();
}

void SessionOutbox::finish() {
  finishing_ = true;
  pushed_.cancel();
}

asio::awaitable<Expected<void, transport::NetError>> SessionOutbox::run(transport::FrameStream& stream) {
  Expected<void, transport::NetError> written;
  while (written) {
    if (!frames_.empty() || !orders_.empty()) {
      written = co_await write_next(stream);
    } else if (finishing_) {
      break;
    } else {
      buffer_ = Bytes();  // an idle session holds no chunk's memory
      co_await pushed_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }
  finishing_ = true;
  for (const Bytes& frame : std::exchange(frames_, {})) unsent_.take(frame.size());
  for (const ServeOrder& order : std::exchange(orders_, {})) report_unsent(order);
  co_return written;
}

asio::awaitable<Expected<void, transport::NetError>> SessionOutbox::write_next(transport::FrameStream& stream) {
  gathered_.clear();
  gather_frames();
  gather_chunks();
  const bool large_one_follows = gathered_.size() < kGatherBytesMax && !orders_.empty();
  if (!large_one_follows) co_return co_await stream.write(gathered_);

  const ServeOrder order = std::move(orders_.front());
  orders_.pop_front();
  const ByteView chunk = read_chunk(order);
  auto written = co_await stream.write(gathered_, chunk);
  if (!chunk.empty()) written ? report_sent(order) : report_unsent(order);
  co_return written;
}

void SessionOutbox::gather_frames() {
  while (!frames_.empty() && gathered_.size() < kGatherBytesMax) {
    append(gathered_, frames_.front());
    unsent_.take(frames_.front().size());
    frames_.pop_front();
  }
}

void SessionOutbox::gather_chunks() {
  while (!orders_.empty() && gathered_.size() < kGatherBytesMax && orders_.front().length <= kGatherBytesMax) {
    const ServeOrder order = std::move(orders_.front());
    orders_.pop_front();
    const ByteView chunk = read_chunk(order);
    append(gathered_, chunk);
    if (!chunk.empty()) report_sent(order);
  }
}

ByteView SessionOutbox::read_chunk(const ServeOrder& order) {
  if (buffer_.size() < order.length) buffer_.resize(order.length);
  const MutableByteView chunk(buffer_.data(), order.length);
  if (auto read = order.reader->read_at(order.offset, chunk); !read) {
    const wire::ErrorCode code = code_of(read.error());
    append(gathered_, wire::encode_message({.id = order.wire_id,
                                            .payload_bytes = 0,
                                            .message = wire::Error{code, std::string(sentence_of(code))}}));
    report_({.ticket = order.ticket, .bytes = 0, .failure = std::move(read.error()), .content = order.content});
    return {};
  }
  append(gathered_, wire::encode_message({.id = order.wire_id,
                                          .payload_bytes = order.length,
                                          .message = wire::ChunkData{order.content, order.chunk}}));
  return chunk;
}

void SessionOutbox::report_sent(const ServeOrder& order) {
  report_({.ticket = order.ticket, .bytes = order.length, .failure = {}, .content = order.content});
}

void SessionOutbox::report_unsent(const ServeOrder& order) {
  report_({.ticket = order.ticket, .bytes = 0, .failure = {}, .content = order.content});
}

}  // namespace essaim::node
