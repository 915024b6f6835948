#include "transport/deadline_timer.hpp"

#include <memory>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "transport/clock.hpp"

namespace essaim::transport {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class DeadlineTimerTest : public testing::Test {
 protected:
  boost::asio::io_context io_;
  int expiries_ = 0;
  DeadlineTimer timer_{io_.get_executor(), [this] { ++expiries_; }};
};

TEST_F(DeadlineTimerTest, ExpiresOnce) {
  const Instant deadline = now() + milliseconds(1);
  timer_.set(deadline);
  io_.run();
  EXPECT_EQ(expiries_, 1);
  EXPECT_GE(now(), deadline);
}

TEST_F(DeadlineTimerTest, ExpiresAtOnceWhenTheInstantHasPassed) {
  timer_.set(now() - hours(1));
  EXPECT_EQ(expiries_, 0);
  io_.run();
  EXPECT_EQ(expiries_, 1);
}

TEST_F(DeadlineTimerTest, FollowsADeadlineThatMovesLater) {
  const Instant later = now() + milliseconds(20);
  timer_.set(now() + milliseconds(1));
  timer_.set(later);
  io_.run();
  EXPECT_EQ(expiries_, 1);
  EXPECT_GE(now(), later);
}

TEST_F(DeadlineTimerTest, FollowsADeadlineThatMovesEarlier) {
  timer_.set(now() + hours(1));
  timer_.set(now() + milliseconds(1));
  io_.run();
  EXPECT_EQ(expiries_, 1);
}

TEST_F(DeadlineTimerTest, KeepsQuietWithoutADeadline) {
  timer_.set(now() + milliseconds(1));
  timer_.set(std::nullopt);
  io_.run();
  EXPECT_EQ(expiries_, 0);
}

TEST(DeadlineTimer, KeepsQuietOnceItIsDestroyed) {
  boost::asio::io_context io;
  auto timer = std::make_unique<DeadlineTimer>(io.get_executor(), [] { FAIL(); });
  timer->set(now());
  timer.reset();
  io.run();
}

TEST(DeadlineTimer, MayBeDestroyedByItsOwnExpiry) {
  boost::asio::io_context io;
  std::unique_ptr<DeadlineTimer> timer;
  timer = std::make_unique<DeadlineTimer>(io.get_executor(), [&timer] { timer.reset(); });
  timer->set(now());
  io.run();
  EXPECT_FALSE(timer);
}

}  // namespace
}  // namespace essaim::transport
