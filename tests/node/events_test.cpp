#include "node/events.hpp"

#include <memory>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "node/fan_out.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

class EventLogTest : public ::testing::Test {
 protected:
  void publish(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) log.publish(ShareGone{"share"});
  }
  // Whether one who waits for what comes after `number` is awake by now.
  std::shared_ptr<bool> wait_after(std::uint64_t number) {
    auto awake = std::make_shared<bool>(false);
    auto waiting = [](EventLog& events, std::uint64_t after, std::shared_ptr<bool> done) -> asio::awaitable<void> {
      co_await events.wait_after(after);
      *done = true;
    };
    asio::co_spawn(io, waiting(log, number, awake), asio::detached);
    io.restart();
    io.poll();
    return awake;
  }

  asio::io_context io;
  EventLog log{io.get_executor()};
};

TEST_F(EventLogTest, NumbersFromOneAndTellsWhatComesAfterANumber) {
  EXPECT_EQ(log.newest(), 0U);
  ASSERT_TRUE(log.after(0));
  EXPECT_TRUE(log.after(0)->empty());
  publish(3);
  EXPECT_EQ(log.newest(), 3U);
  ASSERT_EQ(log.after(1)->size(), 2U);
  EXPECT_EQ(log.after(1)->front().number, 2U);
  EXPECT_TRUE(log.after(3)->empty());
}

TEST_F(EventLogTest, SaysWhenSomebodyIsTooFarBehindOrAheadOfItself) {
  publish(kEventsKeptMax);
  EXPECT_EQ(log.after(0)->size(), kEventsKeptMax);
  publish(1);
  EXPECT_FALSE(log.after(0));
  EXPECT_EQ(log.after(1)->size(), kEventsKeptMax);
  EXPECT_FALSE(log.after(kEventsKeptMax + 2)) << "a number of an earlier run";
}

TEST_F(EventLogTest, WakesAllWhoWaitWithTheNextEvent) {
  const auto one = wait_after(0);
  const auto other = wait_after(0);
  const auto later = wait_after(1);
  EXPECT_FALSE(*one || *other || *later);
  publish(1);
  io.poll();
  EXPECT_TRUE(*one && *other);
  EXPECT_FALSE(*later) << "it waits for the one after";
  EXPECT_TRUE(*wait_after(0)) << "there is no waiting for what is there";
}

TEST_F(EventLogTest, LetsNobodyWaitOnceItIsClosed) {
  const auto before = wait_after(0);
  log.close();
  io.poll();
  EXPECT_TRUE(*before);
  EXPECT_TRUE(*wait_after(0));
}

class FanOut : public ::testing::Test {
 protected:
  asio::awaitable<void> answer_after(std::chrono::milliseconds time) {
    asio::steady_timer timer(io, time);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    ++answered;
  }
  asio::awaitable<void> break_down() {
    throw std::runtime_error("a bug");
    co_return;
  }
  void run(std::vector<asio::awaitable<void>> tasks, std::chrono::milliseconds time_max) {
    auto all = [](FanOut& self, std::vector<asio::awaitable<void>> of,
                  std::chrono::milliseconds within) -> asio::awaitable<void> {
      co_await fan_out(self.io.get_executor(), std::move(of), within);
      self.answered_in_time = self.answered;
      self.ended = true;
    };
    asio::co_spawn(io, all(*this, std::move(tasks), time_max), asio::detached);
    io.run();
  }

  asio::io_context io;
  int answered = 0;
  int answered_in_time = 0;
  bool ended = false;
};

TEST_F(FanOut, OfNothingEndsAtOnce) {
  run({}, std::chrono::hours(1));
  EXPECT_TRUE(ended);
}

TEST_F(FanOut, EndsWithTheLastAnswerEvenIfOneBreaksDown) {
  std::vector<asio::awaitable<void>> tasks;
  tasks.push_back(answer_after(std::chrono::milliseconds(0)));
  tasks.push_back(break_down());
  tasks.push_back(answer_after(std::chrono::milliseconds(2)));
  run(std::move(tasks), std::chrono::hours(1));
  EXPECT_EQ(answered_in_time, 2);
}

TEST_F(FanOut, GoesOnWithoutTheSlowOnes) {
  std::vector<asio::awaitable<void>> tasks;
  tasks.push_back(answer_after(std::chrono::milliseconds(0)));
  tasks.push_back(answer_after(std::chrono::milliseconds(200)));
  run(std::move(tasks), std::chrono::milliseconds(5));
  EXPECT_EQ(answered_in_time, 1);
  EXPECT_EQ(answered, 2) << "the slow one runs on by itself";
}

}  // namespace
}  // namespace essaim::node
