#include "cli/answer_line.hpp"

#include <boost/asio/error.hpp>

namespace essaim::cli {

AnswerLine::AnswerLine(boost::asio::io_context& io, const Input& input) : lines_(input.lines), ready_(io) {
  boost::system::error_code error;
  if (input.descriptor) ready_.assign(*input.descriptor, error);
  // A file, unlike a terminal or a pipe, cannot be waited for: it is always ready.
  if (!input.descriptor || error) {
    read();
    return;
  }
  ready_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& failed) {
    if (failed != boost::asio::error::operation_aborted) read();
  });
}

AnswerLine::~AnswerLine() {
  // The descriptor stays the process's.
  if (ready_.is_open()) ready_.release();
}

void AnswerLine::read() { std::getline(lines_, line_.emplace()); }

}  // namespace essaim::cli
