// The bytes of an input as a list of choices, for targets that drive a state machine. Once they are used up every
// choice is 0.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace essaim::fuzz {

class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  [[nodiscard]] bool left() const { return !rest_.empty(); }
  [[nodiscard]] std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  [[nodiscard]] std::uint32_t below(std::uint32_t end) { return byte() % end; }
  [[nodiscard]] std::uint32_t number() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = (value << 8U) | byte();
    return value;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace essaim::fuzz
