// Standard output as the place where the bytes of a content go, and nothing else.
#pragma once
#include <functional>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/bytes.hpp"
#include "cli/output.hpp"

namespace essaim::cli {

// Waits for a slow reader of a pipe without blocking `io`, so that Ctrl-C is noticed meanwhile.
class ContentOutput {
 public:
  // Both outlive it.
  ContentOutput(boost::asio::io_context& io, const Output::Screen& screen);

  // False when nothing more can be written: nobody reads it any more, cancel() was called, or failure().
  [[nodiscard]] boost::asio::awaitable<bool> write(ByteView bytes);
  void cancel();
  // Calls `then`, from `io`, when nobody reads it any more, where that shows before the next write: of a pipe.
  void when_nobody_reads(std::function<void()> then);
  // What went wrong, other than that nobody reads.
  [[nodiscard]] const std::optional<node::Failure>& failure() const { return failure_; }

 private:
  void fail_with(const boost::system::error_code& error);

  const Output::Screen& screen_;
  std::optional<boost::asio::posix::stream_descriptor> pipe_;
  std::optional<node::Failure> failure_;
};

}  // namespace essaim::cli
