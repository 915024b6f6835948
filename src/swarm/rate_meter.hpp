// How fast bytes come, for people.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace essaim::swarm {

// The mean over the last kSlots slots of kSlotTime, the running one included; over less at the beginning.
class RateMeter {
 public:
  static constexpr std::size_t kSlots = 8;
  static constexpr Duration kSlotTime = std::chrono::milliseconds(500);

  void add(std::uint64_t bytes, Instant now);
  [[nodiscard]] std::uint64_t bytes_per_second(Instant now) const;

 private:
  struct Slot {
    std::int64_t number = -1;  // slots since began_
    std::uint64_t bytes = 0;
  };
  std::array<Slot, kSlots> slots_{};
  std::optional<Instant> began_;
};

}  // namespace essaim::swarm
