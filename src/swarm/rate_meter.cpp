#include "swarm/rate_meter.hpp"

#include <algorithm>

#include "swarm/rate.hpp"

namespace essaim::swarm {

void RateMeter::add(std::uint64_t bytes, Instant now) {
  if (!began_) began_ = now;
  const std::int64_t number = std::max<std::int64_t>((now - *began_) / kSlotTime, 0);
  Slot& slot = slots_[static_cast<std::size_t>(number) % kSlots];
  if (slot.number != number) slot = {number, 0};
  slot.bytes += bytes;
}

std::uint64_t RateMeter::bytes_per_second(Instant now) const {
  if (!began_ || now < *began_) return 0;
  const std::int64_t current = (now - *began_) / kSlotTime;
  const std::int64_t oldest = std::max<std::int64_t>(current - static_cast<std::int64_t>(kSlots) + 1, 0);
  std::uint64_t bytes = 0;
  for (const Slot& slot : slots_) {
    if (slot.number >= oldest && slot.number <= current) bytes += slot.bytes;
  }
  return rate_of(bytes, now - (*began_ + oldest * kSlotTime));
}

}  // namespace essaim::swarm
