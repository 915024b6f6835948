// The sending end of a session: frames and chunks, on its lane.
#pragma once
#include <cstddef>
#include <deque>
#include <functional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/bytes.hpp"
#include "node/session_values.hpp"
#include "node/unsent.hpp"
#include "transport/frame_stream.hpp"

namespace essaim::node {

// Frames and chunks up to this size are gathered into one write.
inline constexpr std::size_t kGatherBytesMax = 64 * kKiB;

//  - Frames go before chunks. Why: an answer to a question must not wait behind megabytes of somebody's download.
//  - Chunks are held as orders, and read one at a time when their turn comes. Why: memory is then bounded by the orders
//    that control gives, not by what they stand for.
// Belongs to a lane.
class SessionOutbox {
 public:
  // `unsent` counts the frames, from before they are pushed until they are written; it outlives this.
  SessionOutbox(const boost::asio::any_io_executor& lane, Unsent& unsent, std::function<void(ServeOutcome)> report);

  void push(Bytes frame);
  void push(ServeOrder order);
  // Lets run() end, once all that was pushed before is written or the stream has failed.
  void finish();
  [[nodiscard]] bool has_more_to_serve() const { return !orders_.empty(); }

  // Writes until finish() or the stream's end; one call a session.
  [[nodiscard]] boost::asio::awaitable<Expected<void, transport::NetError>> run(transport::FrameStream& stream);

 private:
  [[nodiscard]] boost::asio::awaitable<Expected<void, transport::NetError>> write_next(transport::FrameStream& stream);
  void gather_frames();
  // As many small chunks as fit; ends before the first large one.
  void gather_chunks();
  // Puts the chunk's header into gathered_ and answers its bytes; where it can't be read, an ERROR and nothing.
  [[nodiscard]] ByteView read_chunk(const ServeOrder& order);
  void report_sent(const ServeOrder& order);
  void report_unsent(const ServeOrder& order);

  Unsent& unsent_;
  std::function<void(ServeOutcome)> report_;
  std::deque<Bytes> frames_;
  std::deque<ServeOrder> orders_;
  bool finishing_ = false;
  boost::asio::steady_timer pushed_;  // never expires: cancelling it wakes run()
  Bytes gathered_;                    // frames and small chunks of the current write
  Bytes buffer_;                      // the chunk of the current write, when it is a large one
};

}  // namespace essaim::node
