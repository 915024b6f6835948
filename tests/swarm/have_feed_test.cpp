#include "swarm/have_feed.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "content/chunk_plan.hpp"
#include "swarm/random.hpp"

namespace essaim::swarm {
namespace {

const Instant kStart{1000s};
constexpr FollowerId kAnn{1};
constexpr FollowerId kBob{2};

ItemIndex item(std::uint32_t index) { return ItemIndex{index}; }
ChunkRef chunk(std::uint32_t of, std::uint32_t index) { return {ItemIndex{of}, content::ChunkIndex{index}}; }

HaveNews everything() { return {.kind = HaveNews::Kind::kAll}; }
HaveNews items(std::vector<std::uint32_t> numbers) {
  return {.kind = HaveNews::Kind::kItems, .numbers = std::move(numbers)};
}
HaveNews chunks(std::uint32_t of, std::vector<std::uint32_t> numbers) {
  return {.kind = HaveNews::Kind::kChunks, .item = ItemIndex{of}, .numbers = std::move(numbers)};
}
HaveNews exact(HaveNews news) {
  news.exact = true;
  return news;
}

// Three items, of 1, 3 and 4 chunks. Ann follows from the start; Bob comes after `before`.
struct Case {
  std::string name;
  std::function<void(HaveFeed&)> before;
  std::function<void(HaveFeed&)> after;
  std::vector<HaveNews> ann_hears;
  std::vector<HaveNews> bob_hears;
};

TEST(HaveFeed, TellsFollowersWhatIsNewAndNewcomersWhatThereIs) {
  const auto nothing = [](HaveFeed&) {};
  const auto first_two = [](HaveFeed& feed) {
    feed.on_chunk(chunk(1, 2));
    feed.on_chunk(chunk(1, 0));
  };
  const std::vector<Case> cases{
      {"nothing", nothing, nothing, {}, {}},
      {"chunks, in ascending order", nothing, first_two, {chunks(1, {0, 2})}, {exact(chunks(1, {0, 2}))}},
      {"the same chunk twice", first_two, first_two, {}, {exact(chunks(1, {0, 2}))}},
      {"chunks of two items",
       first_two,
       [](HaveFeed& feed) {
         feed.on_chunk(chunk(2, 3));
         feed.on_chunk(chunk(2, 1));
       },
       {chunks(2, {1, 3})},
       {exact(chunks(1, {0, 2})), exact(chunks(2, {1, 3}))}},
      {"an item of one chunk is told as an item",
       nothing,
       [](HaveFeed& feed) { feed.on_chunk(chunk(0, 0)); },
       {items({0})},
       {exact(items({0}))}},
      {"the last chunk makes an item whole",
       first_two,
       [](HaveFeed& feed) { feed.on_chunk(chunk(1, 1)); },
       {items({1})},
       {exact(items({1}))}},
      {"a whole item leaves out its chunks, and only its",
       nothing,
       [](HaveFeed& feed) {
         feed.on_chunk(chunk(2, 0));
         feed.on_chunk(chunk(1, 0));
         feed.on_item(item(1));
         feed.on_chunk(chunk(1, 2));
       },
       {items({1}), chunks(2, {0})},
       {exact(items({1})), exact(chunks(2, {0}))}},
      {"everything is one word",
       first_two,
       [](HaveFeed& feed) {
         feed.on_item(item(2));
         feed.on_item(item(0));
         feed.on_item(item(1));
       },
       {everything()},
       {everything()}},
      {"what is lost before it is told is told to nobody",
       nothing,
       [&](HaveFeed& feed) {
         first_two(feed);
         feed.on_item(item(0));
         feed.on_item_lost(item(1));
         feed.on_item_lost(item(0));
       },
       {},
       {}},
      {"a loss is not told, but no newcomer hears of it",
       first_two,
       [](HaveFeed& feed) { feed.on_item_lost(item(1)); },
       {},
       {}},
      {"what is lost and found is told again",
       first_two,
       [](HaveFeed& feed) {
         feed.on_item_lost(item(1));
         feed.on_chunk(chunk(1, 2));
       },
       {chunks(1, {2})},
       {exact(chunks(1, {2}))}},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    HaveFeed feed({1, 3, 4});
    feed.follow(kAnn);
    EXPECT_TRUE(feed.take(kStart - 1s).empty());
    each.before(feed);
    (void)feed.take(kStart - 1s);
    each.after(feed);
    feed.follow(kBob);
    feed.check_invariants();
    std::map<FollowerId, std::vector<HaveNews>> heard;
    for (const HaveDelivery& delivery : feed.take(kStart)) {
      EXPECT_TRUE(std::ranges::is_sorted(delivery.to) && !delivery.to.empty() && !delivery.news.empty());
      for (const FollowerId to : delivery.to) EXPECT_TRUE(heard.emplace(to, delivery.news).second);
    }
    EXPECT_EQ(heard[kAnn], each.ann_hears);
    EXPECT_EQ(heard[kBob], each.bob_hears);
    EXPECT_TRUE(feed.take(kStart + 1h).empty()) << "nothing is told twice";
    EXPECT_EQ(feed.next_deadline(), std::nullopt);
    feed.check_invariants();
  }
}

TEST(HaveFeed, TellsNewsAtOnceAndThenOnceAnInterval) {
  HaveFeed feed({100});
  feed.follow(kAnn);
  (void)feed.take(kStart);
  feed.on_chunk(chunk(0, 0));
  EXPECT_EQ(feed.next_deadline(), Instant{});
  EXPECT_EQ(feed.take(kStart).size(), 1U);
  feed.on_chunk(chunk(0, 1));
  feed.on_chunk(chunk(0, 2));
  EXPECT_EQ(feed.next_deadline(), kStart + kHaveInterval);
  EXPECT_TRUE(feed.take(kStart + kHaveInterval - Duration(1)).empty());
  const std::vector<HaveDelivery> both{{{kAnn}, {chunks(0, {1, 2})}}};
  EXPECT_EQ(feed.take(kStart + kHaveInterval), both);
  feed.on_chunk(chunk(0, 3));
  EXPECT_EQ(feed.next_deadline(), kStart + 2 * kHaveInterval);
  EXPECT_EQ(feed.take(kStart + 2 * kHaveInterval + Duration(1)).size(), 1U);
}

TEST(HaveFeed, TellsANewcomerWithoutWaiting) {
  HaveFeed feed({100});
  feed.follow(kAnn);
  (void)feed.take(kStart);
  feed.on_chunk(chunk(0, 0));
  (void)feed.take(kStart);
  feed.on_chunk(chunk(0, 1));
  feed.follow(kBob);
  EXPECT_EQ(feed.next_deadline(), Instant{});
  const std::vector<HaveDelivery> to_bob{{{kBob}, {exact(chunks(0, {0, 1}))}}};
  EXPECT_EQ(feed.take(kStart), to_bob);
  const std::vector<HaveDelivery> to_both{{{kAnn, kBob}, {chunks(0, {1})}}};
  EXPECT_EQ(feed.take(kStart + kHaveInterval), to_both);
}

TEST(HaveFeed, PutsThoseWhoHearTheSameIntoOneDelivery) {
  HaveFeed feed({1});
  feed.follow(kBob);
  (void)feed.take(kStart);
  feed.on_item(item(0));
  feed.follow(kAnn);
  const std::vector<HaveDelivery> to_both{{{kAnn, kBob}, {everything()}}};
  EXPECT_EQ(feed.take(kStart), to_both);
}

TEST(HaveFeed, TellsTheWholeStateAgainToWhoAsksAgain) {
  HaveFeed feed({2});
  feed.follow(kAnn);
  feed.on_chunk(chunk(0, 1));
  (void)feed.take(kStart);
  feed.follow(kAnn);
  const std::vector<HaveDelivery> again{{{kAnn}, {exact(chunks(0, {1}))}}};
  EXPECT_EQ(feed.take(kStart), again);
}

TEST(HaveFeed, TellsNothingToWhoHasLeft) {
  HaveFeed feed({2});
  feed.follow(kAnn);
  feed.follow(kBob);
  (void)feed.take(kStart);
  feed.on_chunk(chunk(0, 1));
  feed.unfollow(kAnn);
  const std::vector<HaveDelivery> to_bob{{{kBob}, {chunks(0, {1})}}};
  EXPECT_EQ(feed.take(kStart), to_bob);
  feed.on_item(item(0));
  feed.unfollow(kBob);
  EXPECT_EQ(feed.next_deadline(), std::nullopt);
  EXPECT_TRUE(feed.take(kStart + 1s).empty());
}

TEST(HaveFeed, KnowsWhatIsHeld) {
  HaveFeed feed({1, 3, 0});
  EXPECT_FALSE(feed.has(chunk(1, 1)) || feed.whole(item(1)) || feed.whole(item(2)) || feed.all());
  feed.on_chunk(chunk(1, 1));
  EXPECT_TRUE(feed.has(chunk(1, 1)));
  EXPECT_FALSE(feed.has(chunk(1, 0)) || feed.has(chunk(1, 3)) || feed.has(chunk(2, 0)));
  EXPECT_EQ(feed.chunks_held(item(1)), 1U);
  feed.on_item(item(1));
  EXPECT_TRUE(feed.has(chunk(1, 0)) && feed.whole(item(1)));
  EXPECT_EQ(feed.chunks_held(item(1)), 3U);
  feed.on_chunk(chunk(0, 0));
  EXPECT_FALSE(feed.all());
  feed.on_item(item(2));
  EXPECT_TRUE(feed.all());
  feed.on_item_lost(item(1));
  EXPECT_FALSE(feed.has(chunk(1, 1)) || feed.whole(item(1)) || feed.all());
  EXPECT_EQ(feed.chunks_held(item(1)), 0U);
}

// What the followers know, from what they are told alone.
class Audience {
 public:
  explicit Audience(std::vector<std::uint32_t> chunks_of_items) : chunks_(std::move(chunks_of_items)) {}

  void hear(const HaveDelivery& delivery) {
    for (const FollowerId to : delivery.to) {
      for (const HaveNews& news : delivery.news) hear(known[to], news);
    }
  }
  std::map<FollowerId, std::set<ChunkRef>> known;

 private:
  void hear(std::set<ChunkRef>& held, const HaveNews& news) const {
    if (news.kind == HaveNews::Kind::kAll) {
      for (std::uint32_t each = 0; each < chunks_.size(); ++each) add_item(held, each);
    } else if (news.kind == HaveNews::Kind::kItems) {
      if (news.exact) held.clear();
      for (const std::uint32_t each : news.numbers) add_item(held, each);
    } else {
      if (news.exact) std::erase_if(held, [&](const ChunkRef& each) { return each.item == news.item; });
      for (const std::uint32_t each : news.numbers) held.insert({news.item, content::ChunkIndex{each}});
    }
  }
  void add_item(std::set<ChunkRef>& held, std::uint32_t of) const {
    for (std::uint32_t each = 0; each < chunks_[of]; ++each) held.insert(chunk(of, each));
  }
  std::vector<std::uint32_t> chunks_;
};

// Random events; whoever follows must know all that is held as soon as no deadline is left, and nothing that never was.
TEST(HaveFeed, KeepsEveryFollowerInformedWhateverHappens) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::vector<std::uint32_t> sizes(1 + random.below(5));
    for (std::uint32_t& size : sizes) size = static_cast<std::uint32_t>(1 + random.below(6));
    HaveFeed feed(sizes);
    Audience audience(sizes);
    std::set<ChunkRef> held;
    std::set<ChunkRef> ever_held;
    Instant now = kStart;
    for (int step = 0; step < 200; ++step) {
      now += Duration(static_cast<std::int64_t>(random.below(20'000)));
      const auto of = static_cast<std::uint32_t>(random.below(sizes.size()));
      const ChunkRef one = chunk(of, static_cast<std::uint32_t>(random.below(sizes[of])));
      const FollowerId who{random.below(4)};
      switch (random.below(12)) {
        case 0:
          feed.follow(who);
          audience.known[who].clear();
          break;
        case 1:
          feed.unfollow(who);
          audience.known.erase(who);
          break;
        case 2:
          feed.on_item_lost(item(of));
          std::erase_if(held, [of](const ChunkRef& each) { return each.item == item(of); });
          break;
        case 3:
          feed.on_item(item(of));
          for (std::uint32_t each = 0; each < sizes[of]; ++each) held.insert(chunk(of, each));
          break;
        case 4:
        case 5:
          for (const HaveDelivery& each : feed.take(now)) audience.hear(each);
          break;
        default: feed.on_chunk(one); held.insert(one);
      }
      ever_held.insert(held.begin(), held.end());
      feed.check_invariants();
      ASSERT_EQ(feed.has(one), held.contains(one));
    }
    while (const auto deadline = feed.next_deadline()) {
      now = std::max(now, *deadline);
      const std::vector<HaveDelivery> deliveries = feed.take(now);
      ASSERT_FALSE(deliveries.empty()) << "a deadline with nothing to give";
      for (const HaveDelivery& each : deliveries) audience.hear(each);
    }
    for (const auto& [who, known] : audience.known) {
      EXPECT_TRUE(std::ranges::includes(known, held)) << "follower " << std::to_underlying(who);
      EXPECT_TRUE(std::ranges::includes(ever_held, known));
    }
  }
}

}  // namespace
}  // namespace essaim::swarm
