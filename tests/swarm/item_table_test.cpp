#include "swarm/item_table.hpp"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

namespace essaim::swarm {
namespace {

std::vector<Item> items(std::size_t count) { return std::vector<Item>(count, Item{.id = {}, .size = 1}); }

std::vector<ItemIndex> drain(ItemTable& table) {
  std::vector<ItemIndex> order;
  while (const auto item = table.next_closed()) {
    order.push_back(*item);
    table.set_open(*item);
  }
  return order;
}

TEST(ItemTable, KeepsTheOrderOfTheListWhenItMatters) {
  ItemTable table(items(50), Order::kSequential, 7);
  const std::vector<ItemIndex> drained = drain(table);
  EXPECT_EQ(drained.size(), 50U);
  EXPECT_TRUE(std::ranges::is_sorted(drained));
}

TEST(ItemTable, ShufflesBySeed) {
  ItemTable one(items(50), Order::kRarestFirst, 7);
  ItemTable same(items(50), Order::kRarestFirst, 7);
  ItemTable other(items(50), Order::kRarestFirst, 8);
  std::vector<ItemIndex> order = drain(one);
  EXPECT_EQ(order, drain(same));
  EXPECT_NE(order, drain(other));
  std::ranges::sort(order);
  EXPECT_EQ(std::ranges::unique(order).begin(), order.end());
  EXPECT_EQ(order.size(), 50U);
}

TEST(ItemTable, SkipsWhatWasOpenedOutOfTurnAndComesBackToWhatWasClosedAgain) {
  ItemTable table(items(4), Order::kSequential, 0);
  table.set_open(ItemIndex{0});
  table.set_done(ItemIndex{1});
  EXPECT_EQ(table.next_closed(), ItemIndex{2});
  table.set_open(ItemIndex{2});
  table.set_closed(ItemIndex{1});
  EXPECT_EQ(table.done_count(), 0U);
  EXPECT_EQ(drain(table), (std::vector{ItemIndex{1}, ItemIndex{3}}));
  EXPECT_EQ(table.next_closed(), std::nullopt);
}

TEST(ItemTable, FindsAClosedItemAmongSome) {
  ItemTable table(items(100), Order::kSequential, 0);
  Bits among(100);
  among.set(90);
  among.set(10);
  EXPECT_EQ(table.find_closed(among), ItemIndex{10});
  table.set_open(ItemIndex{10});
  EXPECT_EQ(table.find_closed(among), ItemIndex{90});
  table.set_closed(ItemIndex{10});
  table.set_open(ItemIndex{90});
  EXPECT_EQ(table.find_closed(among), ItemIndex{10}) << "searches on from the last one, and around";
  table.set_done(ItemIndex{10});
  EXPECT_EQ(table.find_closed(among), std::nullopt);
}

}  // namespace
}  // namespace essaim::swarm
