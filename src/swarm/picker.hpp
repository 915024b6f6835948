// Which chunk next, of those on offer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "content/chunk_plan.hpp"
#include "swarm/random.hpp"
#include "swarm/types.hpp"

namespace essaim::swarm {

// Keeps the chunks that are to be asked for (*on offer*) in the order in which they are wanted. Pure: same seed and
// same calls, same answers.
//
// === Specification ===
//  - Order::kSequential: as they stand in the list.
//  - Order::kRarestFirst: those of the lowest availability first: the number of sources that hold them, without those
//    that hold everything. Why: what few hold is lost first when they leave, and is what others want in exchange; who
//    holds everything adds the same to every chunk.
//  - Equals come in random order: a chunk takes a random place among its equals when it joins them.
//    Why: askers that begin together then begin with different chunks.
// The chunks on offer stand in one array, sorted by availability; a change of one level swaps one chunk across one
// border (as libtorrent's piece_picker does).
// Cost: offer, withdraw and change of availability O(sources) at worst, commonly a few swaps; O(log n) in sequence.
// Memory: 8 bytes a chunk of an open item, 16 more while on offer.
class Picker {
 public:
  // A pass over the chunks on offer, best first. Stays valid when the chunk it stands on is withdrawn, and then stands
  // before the next one; any other change ends the pass.
  class Pass {
    friend class Picker;
    std::optional<ChunkRef> after_;  // the last chunk of the sequence that was passed over
    std::size_t position_ = 0;       // in pool_
  };
  using Filter = std::function<bool(ChunkRef)>;

  Picker(Order order, std::uint64_t seed);

  // Its chunks exist from now on, at availability 0, not on offer. An item is added once.
  void add_item(ItemIndex item, std::uint32_t chunks);
  // Whatever was on offer of it is not any more.
  void remove_item(ItemIndex item);

  // Chunks below are of items that were added.
  // Only for a chunk that is not on offer, or is, respectively.
  void offer(ChunkRef chunk);
  void withdraw(ChunkRef chunk);
  [[nodiscard]] bool is_on_offer(ChunkRef chunk) const;
  [[nodiscard]] std::size_t offer_count() const { return sequence_.size() + pool_.size(); }

  void raise_availability(ChunkRef chunk);
  // Only above 0.
  void lower_availability(ChunkRef chunk);
  [[nodiscard]] std::uint16_t availability(ChunkRef chunk) const;

  // A pass that leaves out, of Order::kRarestFirst, what is less available. Why: who holds not everything has no chunk
  // of availability 0, and these can be most.
  [[nodiscard]] Pass begin_pass(std::uint16_t availability_min) const;
  // The best chunk from where the pass stands for which `wanted` is true; the pass then stands on it.
  [[nodiscard]] std::optional<ChunkRef> next(Pass& pass, const Filter& wanted) const;

  // Testing only; slow.
  void check_invariants() const;

 private:
  struct Cell {
    std::uint32_t place = 0;  // in pool_, or kNotOnOffer or kInSequence
    std::uint16_t availability = 0;
  };
  struct Entry {
    ItemIndex item{};
    std::vector<Cell> cells;  // one a chunk
  };
  struct Place {
    Entry* entry = nullptr;
    std::uint32_t chunk = 0;
    [[nodiscard]] Cell& cell() const { return entry->cells[chunk]; }
    [[nodiscard]] ChunkRef ref() const { return {entry->item, content::ChunkIndex{chunk}}; }
  };

  [[nodiscard]] const Entry& entry(ItemIndex item) const;
  [[nodiscard]] Cell& cell(ChunkRef chunk);
  [[nodiscard]] const Cell& cell(ChunkRef chunk) const;
  [[nodiscard]] std::size_t level_begin(std::size_t level) const { return level == 0 ? 0 : level_end_[level - 1]; }
  void swap_places(std::size_t a, std::size_t b);
  void insert(Place place, std::uint16_t level);
  void erase(std::uint32_t place, std::uint16_t level);
  void move_up(std::uint32_t place, std::uint16_t level);
  void move_down(std::uint32_t place, std::uint16_t level);
  void shuffle_in(std::uint32_t place, std::uint16_t level);

  Order order_;
  Random random_;
  std::unordered_map<std::uint32_t, Entry> entries_;  // by item; looked up, never walked
  std::vector<Place> pool_;                           // kRarestFirst: on offer, by availability
  std::vector<std::size_t> level_end_;                // per availability: one past its last in pool_
  std::set<ChunkRef> sequence_;                       // kSequential: on offer
};

}  // namespace essaim::swarm
