// Downloads of which nothing has come for long.
#include <gtest/gtest.h>

#include "node/wall_clock.hpp"
#include "storage/catalogue.hpp"
#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::nanoseconds;

constexpr std::uint64_t kSize = 4 * kMiB;
constexpr std::uint64_t kLimit = 1 * kMiB;

UnixNanos ago(nanoseconds time) { return UnixNanos{static_cast<std::int64_t>(wall_clock()) - time.count()}; }

std::uint64_t seconds_of(UnixNanos time) {
  return static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::seconds>(nanoseconds(static_cast<std::int64_t>(time))).count());
}

class ExpiryTest : public test::NodeTest {
 protected:
  ExpiryTest() {
    test::write_file(dir / "shared/film.bin", test::noise(kSize));
    test::write_file(dir / "shared/box/large.bin", test::noise(kSize, 2));
    alice->share(dir / "shared/film.bin");
    alice->share(dir / "shared/box");
    slow.down_bytes_per_second = kLimit;
  }
  // Bob has begun with it, paused it and stopped; the last of it came this long ago.
  void begin(const std::string& target, nanoseconds came) {
    test::RunningNode bob(slow);
    const auto begun = bob.get(target);
    ASSERT_TRUE(begun) << begun.error().message;
    ASSERT_TRUE(bob.until_transfer(begun->id, [](const TransferView& view) { return view.bytes_done > 0; }));
    EXPECT_EQ(bob.transfer(begun->id).expires, std::nullopt) << "it runs";
    ASSERT_TRUE(bob.ask([&](Facade& node) { return node.pause(begun->id); }));
    const TransferView paused = bob.end_of(begun->id);
    ASSERT_TRUE(paused.expires);
    EXPECT_GT(*paused.expires, seconds_of(ago(-days(6))));
    ASSERT_TRUE(bob.stop());
    EXPECT_FALSE(names_in(in("bob")).empty());
    set_last(ago(came));
  }
  void set_last(UnixNanos when) {
    auto catalogue = storage::Catalogue::open(slow.home + "/catalogue.db");
    ASSERT_TRUE(catalogue);
    auto records = catalogue->transfers().all();
    ASSERT_TRUE(records && records->size() == 1);
    last = when;
    records->front().updated = last;
    ASSERT_TRUE(catalogue->transfers().update(records->front()));
  }
  static TransferView only(test::RunningNode& bob) {
    return bob.look([](Node& node) {
      const auto views = node.transfers();
      return views.size() == 1 ? views.front() : TransferView{};
    });
  }

  Config slow = config("bob");
  UnixNanos last{};
  std::unique_ptr<test::RunningNode> alice = start("alice");
};

TEST_F(ExpiryTest, IsGivenUpAfterSevenDaysWithWhatItWrote) {
  for (const char* const target : {"alice/film.bin", "alice/box"}) {
    begin(target, days(kKeepUnfinishedDays));
    {
      test::RunningNode bob(slow);
      const TransferView view = only(bob);
      EXPECT_EQ(view.state, TransferState::kCancelled);
      EXPECT_EQ(view.expires, std::nullopt);
      ASSERT_TRUE(view.failure);
      EXPECT_EQ(view.failure->message, "Nothing more of it has come for 7 days, so it was given up.");
      EXPECT_TRUE(names_in(in("bob")).empty());
      ASSERT_TRUE(bob.stop());
    }
    test::RunningNode bob(slow);
    EXPECT_TRUE(bob.look([](Node& node) { return node.transfers().empty(); })) << "it is forgotten";
  }
}

TEST_F(ExpiryTest, AlsoWhereItWouldHaveGoneOn) {
  begin("alice/film.bin", days(8));
  {
    auto catalogue = storage::Catalogue::open(slow.home + "/catalogue.db");
    auto records = catalogue->transfers().all();
    records->front().state = storage::TransferState::kRunning;
    ASSERT_TRUE(catalogue->transfers().update(records->front()));
  }
  slow.finish_downloads = true;
  test::RunningNode bob(slow);
  EXPECT_EQ(only(bob).state, TransferState::kCancelled);
  EXPECT_TRUE(names_in(in("bob")).empty());
}

TEST_F(ExpiryTest, IsKeptUntilThenAndLongerOnceSomebodyAsks) {
  begin("alice/film.bin", days(kKeepUnfinishedDays) - hours(1));
  test::RunningNode bob(slow);
  const TransferView view = only(bob);
  EXPECT_EQ(view.state, TransferState::kPaused);
  EXPECT_EQ(view.expires, seconds_of(last) + 7 * 24 * 3600);
  EXPECT_EQ(names_in(in("bob")).size(), 1U);
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.resume(view.id); }));
  EXPECT_TRUE(bob.until_transfer(
      view.id, [](const TransferView& now) { return now.state == TransferState::kRunning && !now.expires; }));
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.pause(view.id); }));
  EXPECT_GT(bob.end_of(view.id).expires, view.expires);
}

TEST_F(ExpiryTest, IsKeptForEverWhereThatIsWanted) {
  slow.keep_unfinished_days = 0;
  {
    test::RunningNode bob(slow);
    const auto begun = bob.get("alice/film.bin");
    ASSERT_TRUE(begun);
    ASSERT_TRUE(bob.ask([&](Facade& node) { return node.pause(begun->id); }));
    EXPECT_EQ(bob.end_of(begun->id).expires, std::nullopt);
    ASSERT_TRUE(bob.stop());
  }
  set_last(ago(days(1000)));
  test::RunningNode bob(slow);
  EXPECT_EQ(only(bob).state, TransferState::kPaused);
  EXPECT_EQ(only(bob).expires, std::nullopt);
}

TEST_F(ExpiryTest, CountsFromNowWhereAnEarlierVersionDidNotSay) {
  begin("alice/film.bin", days(1));
  set_last(UnixNanos{0});
  test::RunningNode bob(slow);
  EXPECT_EQ(only(bob).state, TransferState::kPaused);
  EXPECT_GT(only(bob).expires, seconds_of(ago(-days(6))));
}

TEST_F(ExpiryTest, CountsWhileNobodyHasIt) {
  test::RunningNode bob(slow);
  const auto begun = bob.get("alice/film.bin");
  ASSERT_TRUE(begun);
  ASSERT_TRUE(bob.until_transfer(begun->id, [](const TransferView& view) { return view.bytes_done > 0; }));
  ASSERT_TRUE(alice->stop());
  EXPECT_TRUE(bob.until_transfer(begun->id, [](const TransferView& view) {
    return view.state == TransferState::kRunning && view.expires.has_value();
  }));
}

}  // namespace
}  // namespace essaim::node
