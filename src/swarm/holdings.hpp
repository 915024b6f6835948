// What one source holds of a download.
#pragma once
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "content/chunk_plan.hpp"
#include "swarm/bits.hpp"
#include "swarm/types.hpp"

namespace essaim::swarm {

// Either everything, which costs nothing; or one bit an item (holds some of it) and, for items held in part, one bit a
// chunk. A source that claimed everything and turns out to lack something is spelled out from then on.
class Holdings {
 public:
  Holdings(Claim claim, std::size_t items);

  [[nodiscard]] bool is_all() const { return all_; }
  // Chunks must be of their item.
  [[nodiscard]] bool has(ChunkRef chunk) const;
  [[nodiscard]] bool has_some(ItemIndex item) const;
  // The items it holds some of, as bits. Only when not is_all().
  [[nodiscard]] const Bits& items() const { return some_; }

  // `chunks` is how many the item has. Whether that changed anything.
  bool add(ChunkRef chunk, std::uint32_t chunks);
  bool add_item(ItemIndex item);
  bool remove(ChunkRef chunk, std::uint32_t chunks);
  bool remove_item(ItemIndex item);

  // From "everything" to the same thing spelled out. Nothing may be removed before.
  void spell_out();

 private:
  bool all_;
  std::size_t item_count_;
  Bits some_;                                        // empty when all_
  std::unordered_map<std::uint32_t, Bits> in_part_;  // items of which some but not all chunks are held
};

}  // namespace essaim::swarm
