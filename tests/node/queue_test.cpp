// Downloads that wait for their turn, and limits of their own.
#include <gtest/gtest.h>

#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

constexpr std::uint64_t kSize = 2 * kMiB;

class QueueTest : public test::NodeTest {
 protected:
  QueueTest() {
    for (const char* const name : {"one.bin", "two.bin", "three.bin"}) {
      test::write_file(dir / "shared" / name, test::noise(kSize, static_cast<std::uint64_t>(*name)));
      alice->share(dir / "shared" / name);
    }
  }
  // Bob, who takes one after the other, and no more than 3 MiB a second.
  Config one_at_a_time() {
    Config slow = config("bob");
    slow.down_bytes_per_second = 3 * kMiB;
    slow.downloads_at_once = 1;
    return slow;
  }
  static std::string begin(test::RunningNode& bob, const std::string& name) {
    const auto begun = bob.get("alice/" + name);
    EXPECT_TRUE(begun) << begun.error().message;
    return begun->id;
  }
  static bool reaches(test::RunningNode& bob, const std::string& id, TransferState state) {
    return bob.until_transfer(id, [state](const TransferView& view) { return view.state == state; });
  }

  std::unique_ptr<test::RunningNode> alice = start("alice");
};

TEST_F(QueueTest, TheyRunInTheOrderInWhichTheyWereAskedFor) {
  test::RunningNode bob(one_at_a_time());
  const std::string one = begin(bob, "one.bin");
  const std::string two = begin(bob, "two.bin");
  EXPECT_EQ(bob.transfer(two).state, TransferState::kWaiting);
  ASSERT_TRUE(reaches(bob, two, TransferState::kRunning));
  EXPECT_EQ(bob.transfer(one).state, TransferState::kDone);
  EXPECT_EQ(bob.end_of(two).state, TransferState::kDone);
}

TEST_F(QueueTest, TheOnePutFirstTakesThePlaceOfTheOneThatRuns) {
  test::RunningNode bob(one_at_a_time());
  const std::string one = begin(bob, "one.bin");
  const std::string two = begin(bob, "two.bin");
  const std::string three = begin(bob, "three.bin");
  ASSERT_TRUE(bob.until_transfer(one, [](const TransferView& view) { return view.bytes_done > 0; }));
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.put_first(three); }));
  ASSERT_TRUE(reaches(bob, one, TransferState::kWaiting));
  ASSERT_TRUE(reaches(bob, three, TransferState::kDone));
  EXPECT_NE(bob.transfer(two).state, TransferState::kDone);
  ASSERT_TRUE(reaches(bob, one, TransferState::kDone));
  ASSERT_TRUE(reaches(bob, two, TransferState::kDone));
  EXPECT_LE(bob.status().bytes_received, 3 * kSize + kSize / 2) << "what the first had, it kept";
}

TEST_F(QueueTest, PausingOneLetsTheNextBegin) {
  test::RunningNode bob(one_at_a_time());
  const std::string one = begin(bob, "one.bin");
  const std::string two = begin(bob, "two.bin");
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.pause(one); }));
  ASSERT_TRUE(reaches(bob, two, TransferState::kDone));
  EXPECT_EQ(bob.transfer(one).state, TransferState::kPaused);
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.resume(one); }));
  EXPECT_TRUE(reaches(bob, one, TransferState::kDone));
}

TEST_F(QueueTest, OneThatNobodyHasNowHoldsNobodyUp) {
  const auto carol = start("carol");
  test::write_file(dir / "shared/hers.bin", test::noise(kSize, 9));
  carol->share(dir / "shared/hers.bin");
  test::RunningNode bob(one_at_a_time());
  const auto hers = bob.get("carol/hers.bin");
  ASSERT_TRUE(hers);
  ASSERT_TRUE(bob.until_transfer(hers->id, [](const TransferView& view) { return view.bytes_done > 0; }));
  ASSERT_TRUE(carol->stop());
  EXPECT_EQ(bob.end_of(begin(bob, "one.bin")).state, TransferState::kDone);
  EXPECT_EQ(bob.transfer(hers->id).state, TransferState::kRunning);
}

TEST_F(QueueTest, TheOrderThePausesAndTheLimitsOutliveTheNode) {
  std::string one;
  std::string two;
  std::string three;
  {
    test::RunningNode bob(one_at_a_time());
    one = begin(bob, "one.bin");
    two = begin(bob, "two.bin");
    three = begin(bob, "three.bin");
    ASSERT_TRUE(bob.ask([&](Facade& node) { return node.put_first(three); }));
    ASSERT_TRUE(bob.ask([&](Facade& node) { return node.pause(two); }));
    ASSERT_TRUE(bob.ask([&](Facade& node) { return node.set_limit(one, 9 * kMiB); }));
    ASSERT_TRUE(bob.ask([&](Facade& node) { return node.set_limit(three, 7 * kMiB); }));
    ASSERT_TRUE(bob.ask([&](Facade& node) { return node.set_limit(three, std::nullopt); }));
  }
  Config again = one_at_a_time();
  again.finish_downloads = true;
  test::RunningNode bob(again);
  EXPECT_EQ(bob.transfer(one).state, TransferState::kWaiting);
  EXPECT_EQ(bob.transfer(one).limit, 9 * kMiB);
  EXPECT_EQ(bob.transfer(two).state, TransferState::kPaused);
  EXPECT_FALSE(bob.transfer(three).limit);
  ASSERT_TRUE(reaches(bob, one, TransferState::kDone));
  EXPECT_EQ(bob.transfer(three).state, TransferState::kDone);
  EXPECT_EQ(bob.transfer(two).state, TransferState::kPaused);
}

}  // namespace
}  // namespace essaim::node
