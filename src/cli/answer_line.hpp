// A line that a person types, waited for while other things happen.
#pragma once
#include <chrono>
#include <functional>
#include <istream>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace essaim::cli {

// Where lines come from. `descriptor`: of the stream, where it can make one wait.
struct Input {
  std::istream& lines;
  std::optional<int> descriptor;
};

class AnswerLine {
 public:
  // `io` is run by whoever waits for the answer.
  AnswerLine(boost::asio::io_context& io, const Input& input);
  AnswerLine(const AnswerLine&) = delete;
  AnswerLine& operator=(const AnswerLine&) = delete;
  ~AnswerLine();

  // The line, once it is there; empty at the end of the input.
  [[nodiscard]] const std::optional<std::string>& line() const { return line_; }

 private:
  void read();

  std::istream& lines_;
  boost::asio::posix::stream_descriptor ready_;
  std::optional<std::string> line_;
};

}  // namespace essaim::cli
