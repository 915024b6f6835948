// What Download shows of its parts.
#include <numeric>

#include <gtest/gtest.h>

#include "swarm/download_driver.hpp"

namespace essaim::swarm {
namespace {

std::vector<int> haves(const Download& download) {
  std::vector<int> values;
  for (const MapCell& cell : download.map()) values.push_back(cell.have);
  return values;
}

TEST(DownloadMap, HasACellForEachChunkOfAFewAndNoMoreThanItsLimit) {
  EXPECT_EQ(Driver(items_of({4 * kChunk})).download.map().size(), 4U);
  EXPECT_EQ(Driver(items_of({kMapCellsMax * std::uint64_t{kChunk} - 1})).download.map().size(), kMapCellsMax);
  EXPECT_EQ(Driver(items_of({(kMapCellsMax + 1) * std::uint64_t{kChunk}})).download.map().size(), kMapCellsMax / 2 + 1);
  EXPECT_TRUE(Driver(items_of({0})).download.map().empty());
  EXPECT_EQ(Driver(items_of({1, 1, 1})).download.map().size(), 3U);
}

TEST(DownloadMap, TellsWhatIsHere) {
  Driver driver(items_of({4 * kChunk, kChunk}));
  driver.download.mark_have(chunk_of(0, 1));
  driver.download.mark_item_done(ItemIndex{1});
  EXPECT_EQ(haves(driver.download), (std::vector<int>{0, 100, 0, 0, 100}));
}

TEST(DownloadMap, CountsPartsOfACellByTheirBytes) {
  // Three cells of equal size over items of one, one half and one half chunk.
  Driver driver(items_of({kChunk, kChunk / 2, kChunk / 2}));
  driver.download.mark_item_done(ItemIndex{1});
  const std::vector<int> values = haves(driver.download);
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[0], 0);
  EXPECT_EQ(values[1], 50);  // the second third: the end of the first item, and half of the second
  EXPECT_EQ(std::accumulate(values.begin(), values.end(), 0), 74);
}

TEST(DownloadMap, CountsWhoHoldsWhatIsMissing) {
  Driver driver(items_of({2 * kChunk, kChunk}));
  driver.add(1);
  const SourceId part = driver.add(2, {.claim = Claim::kNone});
  driver.have(part, {chunk_of(0, 1), chunk_of(1, 0)});
  driver.download.mark_have(chunk_of(0, 0));
  const std::vector<MapCell> cells = driver.download.map();
  ASSERT_EQ(cells.size(), 3U);
  EXPECT_EQ(cells[0].sources, 0);  // it is here
  EXPECT_EQ(cells[1].sources, 2);
  EXPECT_EQ(cells[2].sources, 2);
}

TEST(DownloadMap, TellsWhatIsOnItsWay) {
  Driver driver(items_of({kChunk}));
  driver.add(1);
  driver.step();
  const std::vector<MapCell> cells = driver.download.map();
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_EQ(cells[0].flight, 100);
  EXPECT_EQ(cells[0].have, 0);
}

}  // namespace
}  // namespace essaim::swarm
