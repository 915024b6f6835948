#include "cli/content_output.hpp"

#include <cerrno>
#include <ios>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace essaim::cli {

namespace asio = boost::asio;

ContentOutput::ContentOutput(asio::io_context& io, const Output::Screen& screen) : screen_(screen) {
  const std::optional<int> pipe = screen.open_out_pipe ? screen.open_out_pipe() : std::nullopt;
  if (pipe) pipe_.emplace(io, *pipe);
}

asio::awaitable<bool> ContentOutput::write(ByteView bytes) {
  if (pipe_) {
    const auto [error, count] = co_await asio::async_write(*pipe_, asio::buffer(bytes.data(), bytes.size()),
                                                           asio::as_tuple(asio::use_awaitable));
    if (error) fail_with(error);
    co_return !error;
  }
  errno = 0;
  screen_.out.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  screen_.out.flush();
  const bool done = screen_.out.good();
  if (!done) fail_with(boost::system::error_code(errno == 0 ? EIO : errno, boost::system::system_category()));
  co_return done;
}

void ContentOutput::cancel() {
  boost::system::error_code ignored;
  if (pipe_) pipe_->close(ignored);
}

void ContentOutput::when_nobody_reads(std::function<void()> then) {
  if (!pipe_) return;
  pipe_->async_wait(asio::posix::stream_descriptor::wait_error,
                    [then = std::move(then)](const boost::system::error_code& error) {
                      if (!error) then();
                    });
}

void ContentOutput::fail_with(const boost::system::error_code& error) {
  const bool nobody_reads = error == asio::error::broken_pipe;
  if (nobody_reads || error == asio::error::operation_aborted) return;
  failure_ = node::Failure{node::FailureCode::kFailed, "Standard output can't be written: " + error.message() + "."};
}

}  // namespace essaim::cli
