// A set of small numbers, one bit each.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace essaim::swarm {

class Bits {
 public:
  enum class Fill { kZeros, kOnes };
  Bits() = default;
  explicit Bits(std::size_t size, Fill fill = Fill::kZeros);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t count() const { return count_; }  // of ones
  [[nodiscard]] bool all() const { return count_ == size_; }
  [[nodiscard]] bool none() const { return count_ == 0; }

  // Positions are below size().
  [[nodiscard]] bool test(std::size_t position) const {
    return ((words_[position / kWordBits] >> (position % kWordBits)) & 1U) != 0;
  }
  // Whether that changed anything.
  bool set(std::size_t position);
  bool reset(std::size_t position);

  // The first position from `from` on that is in both sets. The sets have one size.
  [[nodiscard]] std::optional<std::size_t> find_common(const Bits& other, std::size_t from) const;

  friend bool operator==(const Bits&, const Bits&) = default;

 private:
  static constexpr std::size_t kWordBits = 64;
  std::vector<std::uint64_t> words_;  // bits past size_ are 0
  std::size_t size_ = 0;
  std::size_t count_ = 0;
};

}  // namespace essaim::swarm
