#include "swarm/item_table.hpp"

#include <numeric>
#include <utility>

#include "base/assert.hpp"

namespace essaim::swarm {

ItemTable::ItemTable(std::vector<Item> items, Order order, std::uint64_t seed)
    : items_(std::move(items)), order_(items_.size()), closed_(items_.size(), Bits::Fill::kOnes), done_(items_.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
  if (order != Order::kRarestFirst) return;
  Random random(seed);
  for (std::size_t left = order_.size(); left > 1; --left) std::swap(order_[left - 1], order_[random.below(left)]);
}

const Item& ItemTable::item(ItemIndex index) const {
  ASSERT(std::to_underlying(index) < items_.size());
  return items_[std::to_underlying(index)];
}

content::ChunkPlan ItemTable::plan(ItemIndex index) const {
  const auto plan = content::plan_for(item(index).size);
  ASSERT(plan.has_value());
  return *plan;
}

bool ItemTable::is_closed(ItemIndex index) const { return closed_.test(std::to_underlying(index)); }
bool ItemTable::is_done(ItemIndex index) const { return done_.test(std::to_underlying(index)); }

void ItemTable::set_open(ItemIndex index) { closed_.reset(std::to_underlying(index)); }

void ItemTable::set_done(ItemIndex index) {
  closed_.reset(std::to_underlying(index));
  done_.set(std::to_underlying(index));
}

void ItemTable::set_closed(ItemIndex index) {
  done_.reset(std::to_underlying(index));
  if (closed_.set(std::to_underlying(index))) again_.push_back(index);
}

std::optional<ItemIndex> ItemTable::next_closed() {
  if (closed_.none()) return std::nullopt;
  while (!again_.empty()) {
    if (is_closed(again_.back())) return again_.back();
    again_.pop_back();
  }
  while (!closed_.test(order_[next_])) ++next_;
  return ItemIndex{order_[next_]};
}

std::optional<ItemIndex> ItemTable::find_closed(const Bits& among) {
  auto found = closed_.find_common(among, search_from_);
  if (!found) found = closed_.find_common(among, 0);
  if (!found) return std::nullopt;
  search_from_ = *found;
  return ItemIndex{static_cast<std::uint32_t>(*found)};
}

}  // namespace essaim::swarm
