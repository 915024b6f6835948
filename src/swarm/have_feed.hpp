// What those who follow a download of ours are told of it.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/time.hpp"
#include "swarm/bits.hpp"
#include "swarm/limits.hpp"
#include "swarm/types.hpp"

namespace essaim::swarm {

// Who follows: a session, whatever its owner numbers them by.
enum class FollowerId : std::uint64_t {};

// What is held besides what was told before; or, with `exact`, everything that is held of that kind.
struct HaveNews {
  enum class Kind {
    kAll,     // every item is whole; `exact` means nothing
    kItems,   // the items `numbers` are whole
    kChunks,  // the chunks `numbers` of `item`, which is not whole
  };
  Kind kind = Kind::kAll;
  bool exact = false;
  ItemIndex item{};
  std::vector<std::uint32_t> numbers{};  // ascending; empty for kAll, else not
  friend bool operator==(const HaveNews&, const HaveNews&) = default;
};

// All of `news`, in this order, to each of `to`.
struct HaveDelivery {
  std::vector<FollowerId> to;  // ascending
  std::vector<HaveNews> news;
  friend bool operator==(const HaveDelivery&, const HaveDelivery&) = default;
};

// Remembers what of a download is verified and readable here, and when to tell whom. Pure: no I/O, no clock.
//
// === Specification ===
//  - Who begins to follow gets the whole state with the next take(), then what is new. It may hear again what came
//    shortly before it. A state of nothing is not told.
//  - News leave at once when none have left within kHaveInterval, else when that has passed.
//    Why: the first chunk of a download is worth most to the others; and a busy download sends few messages, an idle
//    one none.
//  - An item is told of as a whole as soon as it is whole, and of its chunks nothing more; so an item of one chunk is
//    never told of chunk by chunk. When everything is whole, that is all that is told.
//  - What is lost is told to nobody: a refusal tells who asks for it. But nobody new hears of it.
//
// Cost: O(log n) a chunk, n the items held in part; take() is linear in what it gives.
// Memory: a bit an item, a bit a chunk of items held in part, and what is to be told.
class HaveFeed {
 public:
  // How many chunks each item has. An item of none is whole when on_item() says so.
  explicit HaveFeed(std::vector<std::uint32_t> chunks_of_items);

  // Verified and readable here. Saying so twice changes nothing.
  void on_chunk(ChunkRef chunk);
  void on_item(ItemIndex item);
  // None of the item is here any more.
  void on_item_lost(ItemIndex item);

  // Who follows already is told the whole state again.
  void follow(FollowerId follower);
  void unfollow(FollowerId follower);

  [[nodiscard]] bool has(ChunkRef chunk) const;
  [[nodiscard]] bool whole(ItemIndex item) const;
  [[nodiscard]] bool all() const { return whole_.all(); }
  [[nodiscard]] std::uint32_t chunks_held(ItemIndex item) const;

  // Those who are told the same share a delivery.
  [[nodiscard]] std::vector<HaveDelivery> take(Instant now);
  // When take() has something to give; Instant{} when it has now, whatever the time is.
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  // Testing only; slow.
  void check_invariants() const;

 private:
  [[nodiscard]] std::uint32_t chunks_of(ItemIndex item) const;
  [[nodiscard]] bool has_news() const { return !new_items_.empty() || !new_chunks_.empty(); }
  [[nodiscard]] std::vector<HaveNews> take_news();
  [[nodiscard]] std::vector<HaveNews> state() const;
  void forget_news();

  std::vector<std::uint32_t> chunks_of_items_;
  Bits whole_;                         // by item
  std::map<ItemIndex, Bits> in_part_;  // held, but not whole
  std::set<FollowerId> newcomers_;     // to be told the state
  std::set<FollowerId> followers_;     // have been told it
  // For the followers; nothing is kept for nobody. Chunks of items that have become whole since are left out later.
  std::vector<ItemIndex> new_items_;
  std::vector<ChunkRef> new_chunks_;
  std::optional<Instant> told_at_;  // when news left last
};

}  // namespace essaim::swarm
