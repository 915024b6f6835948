#include "content/sketch.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "content/hash.hpp"

namespace essaim::content {
namespace {

std::vector<Leaf> leaves_from(std::uint32_t first, std::uint32_t count) {
  std::vector<Leaf> leaves;
  for (std::uint32_t i = first; i < first + count; ++i) {
    leaves.push_back(leaf_of(ByteView(reinterpret_cast<const std::uint8_t*>(&i), sizeof i)));
  }
  return leaves;
}

std::size_t in_common(const std::vector<Leaf>& one, const std::vector<Leaf>& other) {
  std::vector<std::uint64_t> common;
  std::ranges::set_intersection(sketch_of(one), sketch_of(other), std::back_inserter(common));
  return common.size();
}

TEST(Sketch, IsTheLeastOfTheLeavesWhateverTheirOrder) {
  std::vector<Leaf> leaves = leaves_from(0, 100);
  const auto sketch = sketch_of(leaves);
  EXPECT_EQ(sketch.size(), kSketchMax);
  EXPECT_TRUE(std::ranges::is_sorted(sketch));
  Leaf least{};
  EXPECT_EQ(sketch_of(std::vector{leaves[0], least}).front(), 0U);
  std::ranges::reverse(leaves);
  leaves.push_back(leaves.front());
  EXPECT_EQ(sketch_of(leaves), sketch) << "a chunk that is there twice counts once";
}

TEST(Sketch, IsAsLongAsThereAreDifferentLeavesUpToItsLimit) {
  EXPECT_TRUE(sketch_of({}).empty());
  EXPECT_TRUE(sketch_of(leaves_from(0, 1)).empty());
  EXPECT_EQ(sketch_of(leaves_from(0, 2)).size(), 2U);
  for (const std::uint32_t chunks : {15U, 16U, 17U}) {
    EXPECT_EQ(sketch_of(leaves_from(0, chunks)).size(), std::min<std::size_t>(chunks, kSketchMax));
  }
}

TEST(Sketch, FilesThatShareMostChunksShareMostOfIt) {
  const auto before = leaves_from(0, 4000);
  auto after = before;
  std::ranges::copy(leaves_from(10'000, 400), after.begin() + 1000);
  EXPECT_GE(in_common(before, after), kSketchMax / 2);
  EXPECT_EQ(in_common(before, leaves_from(20'000, 4000)), 0U);
}

}  // namespace
}  // namespace essaim::content
