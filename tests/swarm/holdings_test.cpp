#include "swarm/holdings.hpp"

#include <gtest/gtest.h>

namespace essaim::swarm {
namespace {

constexpr ItemIndex kItem{2};
constexpr std::uint32_t kChunks = 3;

ChunkRef chunk(std::uint32_t index) { return {kItem, content::ChunkIndex{index}}; }

TEST(Bits, HasNothingSetPastItsEnd) {
  for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 1000U}) {
    Bits bits(size, Bits::Fill::kOnes);
    EXPECT_EQ(bits.count(), size);
    EXPECT_TRUE(bits.all());
    EXPECT_EQ(bits.find_common(bits, size), std::nullopt);
    Bits emptied = bits;
    for (std::size_t each = 0; each < size; ++each) EXPECT_TRUE(emptied.reset(each));
    EXPECT_EQ(emptied, Bits(size));
  }
}

TEST(Bits, FindsWhatTwoSetsHaveInCommon) {
  Bits a(200);
  Bits b(200);
  a.set(3);
  a.set(64);
  a.set(199);
  b.set(64);
  b.set(100);
  b.set(199);
  EXPECT_EQ(a.find_common(b, 0), 64U);
  EXPECT_EQ(a.find_common(b, 64), 64U);
  EXPECT_EQ(a.find_common(b, 65), 199U);
  EXPECT_EQ(a.find_common(b, 200), std::nullopt);
}

TEST(Holdings, ClaimOfEverythingHasEverything) {
  Holdings holdings(Claim::kAll, 5);
  EXPECT_TRUE(holdings.has(chunk(2)));
  EXPECT_TRUE(holdings.has_some(ItemIndex{4}));
  EXPECT_FALSE(holdings.add(chunk(2), kChunks)) << "nothing new";
  EXPECT_FALSE(holdings.add_item(kItem));
}

TEST(Holdings, GathersAnItemChunkByChunk) {
  Holdings holdings(Claim::kNone, 5);
  EXPECT_FALSE(holdings.has_some(kItem));
  EXPECT_TRUE(holdings.add(chunk(1), kChunks));
  EXPECT_FALSE(holdings.add(chunk(1), kChunks));
  EXPECT_TRUE(holdings.has_some(kItem));
  EXPECT_FALSE(holdings.has(chunk(0)));
  EXPECT_TRUE(holdings.add(chunk(0), kChunks));
  EXPECT_TRUE(holdings.add(chunk(2), kChunks));
  EXPECT_FALSE(holdings.add_item(kItem)) << "already whole";
  EXPECT_TRUE(holdings.has(chunk(2)));
}

TEST(Holdings, WholeItemTakesTheRestIn) {
  Holdings holdings(Claim::kNone, 5);
  holdings.add(chunk(1), kChunks);
  EXPECT_TRUE(holdings.add_item(kItem));
  EXPECT_TRUE(holdings.has(chunk(0)));
  EXPECT_TRUE(holdings.has(chunk(2)));
}

TEST(Holdings, LosesChunksUntilNothingIsLeft) {
  Holdings holdings(Claim::kAll, 5);
  holdings.spell_out();
  EXPECT_FALSE(holdings.is_all());
  EXPECT_TRUE(holdings.has(chunk(0)));
  EXPECT_TRUE(holdings.remove(chunk(0), kChunks));
  EXPECT_FALSE(holdings.remove(chunk(0), kChunks));
  EXPECT_FALSE(holdings.has(chunk(0)));
  EXPECT_TRUE(holdings.has(chunk(1)));
  EXPECT_TRUE(holdings.remove(chunk(1), kChunks));
  EXPECT_TRUE(holdings.remove(chunk(2), kChunks));
  EXPECT_FALSE(holdings.has_some(kItem));
  EXPECT_TRUE(holdings.has_some(ItemIndex{3}));
  EXPECT_TRUE(holdings.remove_item(ItemIndex{3}));
  EXPECT_FALSE(holdings.has_some(ItemIndex{3}));
}

}  // namespace
}  // namespace essaim::swarm
