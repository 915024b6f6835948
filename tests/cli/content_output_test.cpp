#include "cli/content_output.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <sstream>
#include <string>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::cli {
namespace {

// Standard output that is a pipe.
class ContentOutputToAPipe : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0); }
  void TearDown() override {
    output.reset();  // closes its end
    close_reader();
  }
  void close_reader() {
    if (ends[0] >= 0) ::close(ends[0]);
    ends[0] = -1;
  }
  // Begins; `written` is the answer.
  void write(const std::string& bytes) {
    const auto writing = [](ContentOutput& to, std::string what,
                            std::optional<bool>& answer) -> boost::asio::awaitable<void> {
      answer = co_await to.write(as_bytes(what));
    };
    boost::asio::co_spawn(io, writing(*output, bytes, written), boost::asio::detached);
    run();
  }
  void run() {
    io.restart();
    io.poll();
  }
  std::string read_some() {
    std::string bytes(1 << 16, '\0');
    const auto count = ::read(ends[0], bytes.data(), bytes.size());
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

  std::array<int, 2> ends{-1, -1};
  boost::asio::io_context io;
  std::ostringstream out;
  std::ostringstream err;
  Output::Screen screen{
      out, err, false, false, false, [] { return std::size_t{80}; }, [this] { return std::optional(ends[1]); }};
  std::optional<ContentOutput> output{};
  std::optional<bool> written;
};

TEST_F(ContentOutputToAPipe, WaitsForASlowReaderWithoutBlocking) {
  output.emplace(io, screen);
  const std::string bytes = test::noise(500'000);
  write(bytes);
  EXPECT_FALSE(written) << "no pipe holds that much";
  std::string got;
  while (got.size() < bytes.size()) {
    const std::string some = read_some();
    got += some;
    run();
  }
  EXPECT_EQ(written, true);
  EXPECT_EQ(got, bytes);
  EXPECT_EQ(out.str(), "");
}

TEST_F(ContentOutputToAPipe, EndsQuietlyWhenNobodyReads) {
  output.emplace(io, screen);
  bool told = false;
  output->when_nobody_reads([&told] { told = true; });
  write("a");
  EXPECT_EQ(written, true);
  EXPECT_FALSE(told);
  close_reader();
  run();
  EXPECT_TRUE(told);
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  write("b");
  std::signal(SIGPIPE, before);
  EXPECT_EQ(written, false);
  EXPECT_FALSE(output->failure());
}

TEST_F(ContentOutputToAPipe, CanBeCancelledWhileItWaits) {
  output.emplace(io, screen);
  write(test::noise(500'000));
  ASSERT_FALSE(written);
  output->cancel();
  run();
  EXPECT_EQ(written, false);
  EXPECT_FALSE(output->failure());
}

TEST(ContentOutput, SaysWhenItCannotBeWritten) {
  boost::asio::io_context io;
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  std::ostringstream err;
  const Output::Screen screen{out, err, false, false, false, [] { return std::size_t{80}; }};
  ContentOutput output(io, screen);
  std::optional<bool> written;
  const auto writing = [](ContentOutput& to, std::optional<bool>& answer) -> boost::asio::awaitable<void> {
    answer = co_await to.write(as_bytes("x"));
  };
  boost::asio::co_spawn(io, writing(output, written), boost::asio::detached);
  io.run();
  EXPECT_EQ(written, false);
  EXPECT_TRUE(output.failure());
}

}  // namespace
}  // namespace essaim::cli
