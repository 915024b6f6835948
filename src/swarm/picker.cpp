#include "swarm/picker.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/assert.hpp"

namespace essaim::swarm {
namespace {

// Values of Cell::place that are no place in the pool.
constexpr std::uint32_t kNotOnOffer = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kInSequence = kNotOnOffer - 1;

}  // namespace

Picker::Picker(Order order, std::uint64_t seed) : order_(order), random_(seed), level_end_(1, 0) {}

void Picker::add_item(ItemIndex item, std::uint32_t chunks) {
  const bool added =
      entries_.emplace(std::to_underlying(item), Entry{item, std::vector<Cell>(chunks, Cell{kNotOnOffer, 0})}).second;
  ASSERT(added);
}

void Picker::remove_item(ItemIndex item) {
  const auto found = entries_.find(std::to_underlying(item));
  ASSERT(found != entries_.end());
  for (std::uint32_t chunk = 0; chunk < found->second.cells.size(); ++chunk) {
    if (found->second.cells[chunk].place != kNotOnOffer) withdraw({item, content::ChunkIndex{chunk}});
  }
  entries_.erase(found);
}

const Picker::Entry& Picker::entry(ItemIndex item) const {
  const auto found = entries_.find(std::to_underlying(item));
  ASSERT(found != entries_.end());
  return found->second;
}

const Picker::Cell& Picker::cell(ChunkRef chunk) const {
  const Entry& of_item = entry(chunk.item);
  ASSERT(std::to_underlying(chunk.chunk) < of_item.cells.size());
  return of_item.cells[std::to_underlying(chunk.chunk)];
}

Picker::Cell& Picker::cell(ChunkRef chunk) { return const_cast<Cell&>(std::as_const(*this).cell(chunk)); }

void Picker::offer(ChunkRef chunk) {
  Cell& offered = cell(chunk);
  ASSERT(offered.place == kNotOnOffer);
  if (order_ == Order::kSequential) {
    offered.place = kInSequence;
    sequence_.insert(chunk);
  } else {
    insert({&entries_.find(std::to_underlying(chunk.item))->second, std::to_underlying(chunk.chunk)},
           offered.availability);
  }
}

void Picker::withdraw(ChunkRef chunk) {
  Cell& offered = cell(chunk);
  ASSERT(offered.place != kNotOnOffer);
  if (offered.place == kInSequence) {
    sequence_.erase(chunk);
  } else {
    erase(offered.place, offered.availability);
  }
  offered.place = kNotOnOffer;
}

bool Picker::is_on_offer(ChunkRef chunk) const { return cell(chunk).place != kNotOnOffer; }

std::uint16_t Picker::availability(ChunkRef chunk) const { return cell(chunk).availability; }

void Picker::raise_availability(ChunkRef chunk) {
  Cell& raised = cell(chunk);
  const bool in_pool = raised.place < pool_.size();
  if (in_pool) move_up(raised.place, raised.availability);
  ++raised.availability;
  if (in_pool) shuffle_in(raised.place, raised.availability);
}

void Picker::lower_availability(ChunkRef chunk) {
  Cell& lowered = cell(chunk);
  ASSERT(lowered.availability > 0);
  const bool in_pool = lowered.place < pool_.size();
  if (in_pool) move_down(lowered.place, lowered.availability);
  --lowered.availability;
  if (in_pool) shuffle_in(lowered.place, lowered.availability);
}

Picker::Pass Picker::begin_pass(std::uint16_t availability_min) const {
  Pass pass;
  pass.position_ = availability_min >= level_end_.size() ? pool_.size() : level_begin(availability_min);
  return pass;
}

std::optional<ChunkRef> Picker::next(Pass& pass, const Filter& wanted) const {
  auto first = pass.after_ ? sequence_.lower_bound(*pass.after_) : sequence_.begin();
  for (; first != sequence_.end(); ++first) {
    pass.after_ = *first;
    if (wanted(*first)) return *first;
  }
  for (; pass.position_ < pool_.size(); ++pass.position_) {
    const ChunkRef chunk = pool_[pass.position_].ref();
    if (wanted(chunk)) return chunk;
  }
  return std::nullopt;
}

void Picker::swap_places(std::size_t a, std::size_t b) {
  if (a == b) return;
  std::swap(pool_[a], pool_[b]);
  pool_[a].cell().place = static_cast<std::uint32_t>(a);
  pool_[b].cell().place = static_cast<std::uint32_t>(b);
}

void Picker::insert(Place place, std::uint16_t level) {
  if (level_end_.size() <= level) level_end_.resize(level + std::size_t{1}, pool_.size());
  pool_.push_back(place);
  place.cell().place = static_cast<std::uint32_t>(pool_.size() - 1);
  for (std::size_t above = level_end_.size() - 1; above > level; --above) {
    swap_places(place.cell().place, level_begin(above));
    ++level_end_[above];
  }
  ++level_end_[level];
  shuffle_in(place.cell().place, level);
}

void Picker::erase(std::uint32_t place, std::uint16_t level) {
  std::size_t hole = place;
  for (std::size_t each = level; each < level_end_.size(); ++each) {
    const std::size_t last = level_end_[each] - 1;
    swap_places(hole, last);
    hole = last;
    --level_end_[each];
  }
  pool_.pop_back();
}

void Picker::move_up(std::uint32_t place, std::uint16_t level) {
  if (level_end_.size() <= level + std::size_t{1}) level_end_.resize(level + std::size_t{2}, pool_.size());
  swap_places(place, level_end_[level] - 1);
  --level_end_[level];
}

void Picker::move_down(std::uint32_t place, std::uint16_t level) {
  swap_places(place, level_begin(level));
  ++level_end_[level - std::size_t{1}];
}

void Picker::shuffle_in(std::uint32_t place, std::uint16_t level) {
  const std::size_t begin = level_begin(level);
  swap_places(place, begin + random_.below(level_end_[level] - begin));
}

void Picker::check_invariants() const {
  ASSERT(!level_end_.empty() && level_end_.back() == pool_.size());
  ASSERT(std::ranges::is_sorted(level_end_));
  for (std::size_t level = 0; level < level_end_.size(); ++level) {
    for (std::size_t place = level_begin(level); place < level_end_[level]; ++place) {
      ASSERT(pool_[place].cell().place == place);
      ASSERT(pool_[place].cell().availability == level);
      ASSERT(order_ == Order::kRarestFirst);
    }
  }
  for (const ChunkRef& chunk : sequence_) ASSERT(cell(chunk).place == kInSequence);
  std::size_t on_offer = 0;
  for (const auto& [item, entry] : entries_) {
    for (const Cell& each : entry.cells) on_offer += each.place == kNotOnOffer ? 0 : 1;
  }
  ASSERT(on_offer == offer_count());
}

}  // namespace essaim::swarm
