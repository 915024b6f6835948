// The list of what a download fetches, and which of it is not begun, begun, done.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "content/chunk_plan.hpp"
#include "swarm/bits.hpp"
#include "swarm/random.hpp"
#include "swarm/types.hpp"

namespace essaim::swarm {

// An item is *closed* (nothing is known or stored of it), *open* (the Download works on it), or *done*.
//  - next_closed() gives items as they stand in the list, or shuffled for Order::kRarestFirst.
//    Why: askers of one list with different seeds fetch different items first, and so have something to trade.
// Memory: an Item, four bytes and two bits each. Cost: amortised O(1); find_closed() reads items / 64 words at most.
class ItemTable {
 public:
  // Each size is at most content::kContentBytesMax.
  ItemTable(std::vector<Item> items, Order order, std::uint64_t seed);

  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] const Item& item(ItemIndex index) const;
  [[nodiscard]] content::ChunkPlan plan(ItemIndex index) const;

  [[nodiscard]] bool is_closed(ItemIndex index) const;
  [[nodiscard]] bool is_done(ItemIndex index) const;
  [[nodiscard]] std::size_t closed_count() const { return closed_.count(); }
  [[nodiscard]] std::size_t done_count() const { return done_.count(); }

  void set_open(ItemIndex index);
  void set_done(ItemIndex index);
  void set_closed(ItemIndex index);

  // The next closed item in order; nothing when none is. The same again until it is no longer closed.
  [[nodiscard]] std::optional<ItemIndex> next_closed();
  // A closed item that is in the set; searches on from where it found the last one.
  [[nodiscard]] std::optional<ItemIndex> find_closed(const Bits& among);

 private:
  std::vector<Item> items_;
  std::vector<std::uint32_t> order_;
  std::size_t next_ = 0;          // into order_: all before it are open or done, or in again_
  std::vector<ItemIndex> again_;  // closed a second time; may hold items that are open or done since
  std::size_t search_from_ = 0;
  Bits closed_;
  Bits done_;
};

}  // namespace essaim::swarm
