#include "transport/lane.hpp"

#include <array>
#include <future>
#include <memory>
#include <pthread.h>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::transport {
namespace {

TEST(Lane, RunsPostsInOrderOnItsOwnThread) {
  Lane lane(3);
  std::vector<int> order;
  std::promise<std::string> name;
  lane.post([&] { order.push_back(1); });
  lane.post([&, owned = std::make_unique<int>(2)] { order.push_back(*owned); });
  lane.post([&] {
    std::array<char, 32> text{};
    pthread_getname_np(pthread_self(), text.data(), text.size());
    EXPECT_TRUE(lane.is_this_thread());
    name.set_value(text.data());
  });
  EXPECT_EQ(name.get_future().get(), "lane 3");
  EXPECT_FALSE(lane.is_this_thread());
  lane.stop();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(Lane, DropsWhatIsPostedAfterItsEnd) {
  auto witness = std::make_shared<int>(0);
  {
    Lane lane(0);
    lane.stop();
    lane.post([witness] { FAIL(); });
  }
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(Lanes, AreDealtInTurn) {
  Lanes lanes(3);
  std::vector<std::size_t> dealt;
  for (int i = 0; i < 7; ++i) dealt.push_back(lanes.next().number());
  EXPECT_EQ(dealt, (std::vector<std::size_t>{0, 1, 2, 0, 1, 2, 0}));
  lanes.stop();
}

}  // namespace
}  // namespace essaim::transport
