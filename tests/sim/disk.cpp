#include "sim/disk.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/assert.hpp"

namespace essaim::sim {

bool Disk::write(std::uint32_t chunk) {
  ASSERT(!named_);
  if (full_) return false;
  seen_[chunk] = Chunk::kIntact;
  return true;
}

void Disk::end_sync(const Chunks& begun_with) {
  for (std::size_t chunk = 0; chunk < durable_.size(); ++chunk) {
    if (begun_with[chunk] == Chunk::kIntact) durable_[chunk] = Chunk::kIntact;
  }
}

void Disk::lose_power(Choices& fate) {
  for (std::size_t chunk = 0; chunk < seen_.size(); ++chunk) {
    if (seen_[chunk] == durable_[chunk]) continue;
    const std::array fates{durable_[chunk], Chunk::kTorn, seen_[chunk]};
    seen_[chunk] = fates[fate.choose(fates.size())];
  }
  durable_ = seen_;
  journals_ = {journals_[fate.choose(journals_.size())]};
  if (named_ != named_durable_) named_ = named_durable_ = fate.choose(2) == 1;
}

void Disk::check_invariants() const {
  const auto intact = [](Chunk chunk) { return chunk == Chunk::kIntact; };
  ASSERT(!named_ || (std::ranges::all_of(seen_, intact) && std::ranges::all_of(durable_, intact)));
  ASSERT(named_ || !named_durable_);
}

}  // namespace essaim::sim
