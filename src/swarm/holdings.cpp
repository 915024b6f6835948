#include "swarm/holdings.hpp"

#include <utility>

#include "base/assert.hpp"

namespace essaim::swarm {

Holdings::Holdings(Claim claim, std::size_t items)
    : all_(claim == Claim::kAll), item_count_(items), some_(all_ ? 0 : items) {}

bool Holdings::has(ChunkRef chunk) const {
  if (all_) return true;
  if (!has_some(chunk.item)) return false;
  const auto part = in_part_.find(std::to_underlying(chunk.item));
  return part == in_part_.end() || part->second.test(std::to_underlying(chunk.chunk));
}

bool Holdings::has_some(ItemIndex item) const { return all_ || some_.test(std::to_underlying(item)); }

bool Holdings::add(ChunkRef chunk, std::uint32_t chunks) {
  if (has(chunk)) return false;
  const std::uint32_t item = std::to_underlying(chunk.item);
  some_.set(item);
  if (chunks == 1) return true;
  Bits& part = in_part_.try_emplace(item, chunks).first->second;
  part.set(std::to_underlying(chunk.chunk));
  if (part.all()) in_part_.erase(item);
  return true;
}

bool Holdings::add_item(ItemIndex item) {
  if (all_) return false;
  const bool was_in_part = in_part_.erase(std::to_underlying(item)) == 1;
  return some_.set(std::to_underlying(item)) || was_in_part;
}

bool Holdings::remove(ChunkRef chunk, std::uint32_t chunks) {
  ASSERT(!all_);
  if (!has(chunk)) return false;
  const std::uint32_t item = std::to_underlying(chunk.item);
  Bits& part = in_part_.try_emplace(item, chunks, Bits::Fill::kOnes).first->second;
  part.reset(std::to_underlying(chunk.chunk));
  if (part.none()) {
    in_part_.erase(item);
    some_.reset(item);
  }
  return true;
}

bool Holdings::remove_item(ItemIndex item) {
  ASSERT(!all_);
  in_part_.erase(std::to_underlying(item));
  return some_.reset(std::to_underlying(item));
}

void Holdings::spell_out() {
  if (!all_) return;
  all_ = false;
  some_ = Bits(item_count_, Bits::Fill::kOnes);
}

}  // namespace essaim::swarm
