#include "swarm/picker.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <gtest/gtest.h>

namespace essaim::swarm {
namespace {

constexpr ItemIndex kItem{0};

ChunkRef chunk(std::uint32_t index, ItemIndex item = kItem) { return {item, content::ChunkIndex{index}}; }

Picker offering(Order order, std::uint64_t seed, std::uint32_t chunks) {
  Picker picker(order, seed);
  picker.add_item(kItem, chunks);
  for (std::uint32_t each = 0; each < chunks; ++each) picker.offer(chunk(each));
  return picker;
}

// Picks until nothing is left.
std::vector<ChunkRef> drain(Picker& picker) {
  std::vector<ChunkRef> order;
  Picker::Pass pass;
  while (const auto next = picker.next(pass, [](ChunkRef) { return true; })) {
    order.push_back(*next);
    picker.withdraw(*next);
    picker.check_invariants();
  }
  return order;
}

TEST(Picker, GivesTheRarestFirst) {
  Picker picker = offering(Order::kRarestFirst, 1, 4);
  for (const std::uint32_t each : {0U, 0U, 0U, 1U, 3U, 3U}) picker.raise_availability(chunk(each));
  EXPECT_EQ(drain(picker), (std::vector{chunk(2), chunk(1), chunk(3), chunk(0)}));
}

TEST(Picker, FollowsAvailabilityAsItChanges) {
  Picker picker = offering(Order::kRarestFirst, 1, 3);
  for (std::uint32_t each = 0; each < 3; ++each) picker.raise_availability(chunk(each));
  picker.lower_availability(chunk(1));
  picker.raise_availability(chunk(0));
  EXPECT_EQ(drain(picker), (std::vector{chunk(1), chunk(2), chunk(0)}));
}

TEST(Picker, CountsAvailabilityAlsoOfWhatIsNotOnOffer) {
  Picker picker(Order::kRarestFirst, 1);
  picker.add_item(kItem, 2);
  picker.raise_availability(chunk(0));
  EXPECT_EQ(picker.availability(chunk(0)), 1);
  picker.offer(chunk(0));
  picker.offer(chunk(1));
  EXPECT_EQ(drain(picker), (std::vector{chunk(1), chunk(0)}));
}

TEST(Picker, GivesEqualsInAnOrderThatTheSeedDecides) {
  Picker one = offering(Order::kRarestFirst, 1, 100);
  Picker same = offering(Order::kRarestFirst, 1, 100);
  Picker other = offering(Order::kRarestFirst, 2, 100);
  const std::vector<ChunkRef> first = drain(one);
  EXPECT_EQ(first, drain(same));
  EXPECT_NE(first, drain(other));
  EXPECT_FALSE(std::ranges::is_sorted(first));
}

TEST(Picker, GivesEachEqualTheSameChanceToBeFirst) {
  std::map<ChunkRef, int> firsts;
  constexpr std::uint32_t kEquals = 8;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    Picker picker = offering(Order::kRarestFirst, seed, kEquals);
    picker.raise_availability(chunk(static_cast<std::uint32_t>(seed % kEquals)));
    for (std::uint32_t each = 0; each < kEquals; ++each) {
      if (each != seed % kEquals) picker.raise_availability(chunk(each));
    }
    Picker::Pass pass;
    ++firsts[*picker.next(pass, [](ChunkRef) { return true; })];
  }
  for (std::uint32_t each = 0; each < kEquals; ++each) EXPECT_NEAR(firsts[chunk(each)], 500, 150) << each;
}

TEST(Picker, PassesOverWhatIsNotWanted) {
  Picker picker = offering(Order::kRarestFirst, 1, 10);
  Picker::Pass pass;
  const auto only_seven = [](ChunkRef each) { return each == chunk(7); };
  EXPECT_EQ(picker.next(pass, only_seven), chunk(7));
  picker.withdraw(chunk(7));
  EXPECT_EQ(picker.next(pass, only_seven), std::nullopt);
}

TEST(Picker, LeavesOutWhatIsLessAvailableWhenToldTo) {
  Picker picker = offering(Order::kRarestFirst, 1, 10);
  picker.raise_availability(chunk(4));
  Picker::Pass from_one = picker.begin_pass(1);
  EXPECT_EQ(picker.next(from_one, [](ChunkRef) { return true; }), chunk(4));
  Picker::Pass from_two = picker.begin_pass(2);
  EXPECT_EQ(picker.next(from_two, [](ChunkRef) { return true; }), std::nullopt);
}

TEST(Picker, SequentialGivesTheListAsItStands) {
  Picker picker(Order::kSequential, 1);
  picker.add_item(ItemIndex{1}, 2);
  picker.add_item(kItem, 2);
  for (const ItemIndex item : {ItemIndex{1}, kItem}) {
    picker.offer(chunk(1, item));
    picker.offer(chunk(0, item));
  }
  picker.raise_availability(chunk(0));
  EXPECT_EQ(drain(picker), (std::vector{chunk(0), chunk(1), chunk(0, ItemIndex{1}), chunk(1, ItemIndex{1})}));
}

TEST(Picker, ForgetsAnItem) {
  Picker picker = offering(Order::kRarestFirst, 1, 10);
  picker.add_item(ItemIndex{1}, 1);
  picker.offer(chunk(0, ItemIndex{1}));
  picker.remove_item(kItem);
  picker.check_invariants();
  EXPECT_EQ(drain(picker), (std::vector{chunk(0, ItemIndex{1})}));
}

// The same, naively: every chunk with its availability in one map.
class NaivePicker {
 public:
  struct State {
    bool on_offer = false;
    int availability = 0;
  };
  std::map<ChunkRef, State> chunks;

  // Is this what may come first of those wanted?
  [[nodiscard]] bool accepts(std::optional<ChunkRef> pick, const Picker::Filter& wanted) const {
    std::optional<int> rarest;
    for (const auto& [each, state] : chunks) {
      if (state.on_offer && wanted(each)) rarest = std::min(rarest.value_or(state.availability), state.availability);
    }
    if (!pick || !rarest) return !pick && !rarest;
    const State& picked = chunks.at(*pick);
    return picked.on_offer && wanted(*pick) && picked.availability == *rarest;
  }
};

TEST(Picker, AgreesWithANaiveModelOnRandomCommands) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Picker picker(Order::kRarestFirst, seed);
    NaivePicker model;
    for (int step = 0; step < 400; ++step) {
      const ItemIndex item{static_cast<std::uint32_t>(random.below(4))};
      const bool known = model.chunks.contains(chunk(0, item));
      if (!known) {
        const auto chunks = static_cast<std::uint32_t>(1 + random.below(12));
        picker.add_item(item, chunks);
        for (std::uint32_t each = 0; each < chunks; ++each) model.chunks[chunk(each, item)] = {};
      } else if (random.below(40) == 0) {
        picker.remove_item(item);
        std::erase_if(model.chunks, [item](const auto& each) { return each.first.item == item; });
      }
      if (model.chunks.empty()) continue;
      auto& [ref, state] =
          *std::next(model.chunks.begin(), static_cast<std::ptrdiff_t>(random.below(model.chunks.size())));
      switch (random.below(4)) {
        case 0:
          if (!state.on_offer) picker.offer(ref);
          state.on_offer = true;
          break;
        case 1:
          if (state.on_offer) picker.withdraw(ref);
          state.on_offer = false;
          break;
        case 2:
          picker.raise_availability(ref);
          ++state.availability;
          break;
        default:
          if (state.availability > 0) {
            picker.lower_availability(ref);
            --state.availability;
          }
      }
      picker.check_invariants();
      const std::uint64_t residue = random.below(3);
      const Picker::Filter wanted = [residue](ChunkRef each) { return std::to_underlying(each.chunk) % 3 == residue; };
      Picker::Pass pass;
      ASSERT_TRUE(model.accepts(picker.next(pass, wanted), wanted)) << step;
    }
  }
}

}  // namespace
}  // namespace essaim::swarm
