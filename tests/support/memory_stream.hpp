// A content in memory that comes as far as a test lets it.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/bytes.hpp"
#include "node/content_stream.hpp"
#include "support/example_views.hpp"

namespace essaim::test {

// Used on one thread.
class MemoryStream final : public node::ContentStream {
 public:
  MemoryStream(const boost::asio::any_io_executor& executor, std::string bytes, std::string name = "talk.mp4")
      : bytes_(std::move(bytes)),
        name_(std::move(name)),
        there_(bytes_.size()),
        changed_(executor, boost::asio::steady_timer::time_point::max()) {}

  // So many bytes are there from now on.
  void let_come(std::uint64_t bytes) {
    there_ = bytes;
    changed_.cancel();
  }
  // Nothing more comes.
  void fail() {
    failed_ = true;
    changed_.cancel();
  }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

  [[nodiscard]] const ContentId& id() const override { return id_; }
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] const std::string& name() const override { return name_; }
  boost::asio::awaitable<node::Outcome<void>> wait_for(std::uint64_t offset) override {
    while (offset >= there_ && !failed_) {
      co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    if (offset < there_) co_return node::Outcome<void>();
    co_return essaim::fail(node::Failure{node::FailureCode::kInterrupted, "It does not come."});
  }
  boost::asio::awaitable<node::Outcome<std::size_t>> read(std::uint64_t offset, MutableByteView into) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), there_ - offset));
    const ByteView from = as_bytes(bytes_).subspan(static_cast<std::size_t>(offset), count);
    std::ranges::copy(from, into.begin());
    bytes_read_ += count;
    co_return count;
  }

 private:
  ContentId id_ = example_id();
  std::string bytes_;
  std::string name_;
  std::uint64_t there_;
  std::uint64_t bytes_read_ = 0;
  bool failed_ = false;
  boost::asio::steady_timer changed_;
};

}  // namespace essaim::test
