#include "swarm/bits.hpp"

#include <bit>

#include "base/assert.hpp"

namespace essaim::swarm {

Bits::Bits(std::size_t size, Fill fill)
    : words_((size + kWordBits - 1) / kWordBits, fill == Fill::kOnes ? ~std::uint64_t{0} : 0),
      size_(size),
      count_(fill == Fill::kOnes ? size : 0) {
  const std::size_t spare = words_.size() * kWordBits - size;
  if (!words_.empty()) words_.back() &= ~std::uint64_t{0} >> spare;
}

bool Bits::set(std::size_t position) {
  if (test(position)) return false;
  words_[position / kWordBits] |= std::uint64_t{1} << (position % kWordBits);
  ++count_;
  return true;
}

bool Bits::reset(std::size_t position) {
  if (!test(position)) return false;
  words_[position / kWordBits] &= ~(std::uint64_t{1} << (position % kWordBits));
  --count_;
  return true;
}

std::optional<std::size_t> Bits::find_common(const Bits& other, std::size_t from) const {
  ASSERT(other.size_ == size_);
  if (from >= size_) return std::nullopt;
  std::uint64_t mask = ~std::uint64_t{0} << (from % kWordBits);
  for (std::size_t word = from / kWordBits; word < words_.size(); ++word) {
    const std::uint64_t common = words_[word] & other.words_[word] & mask;
    if (common != 0) return word * kWordBits + static_cast<std::size_t>(std::countr_zero(common));
    mask = ~std::uint64_t{0};
  }
  return std::nullopt;
}

}  // namespace essaim::swarm
