#include "swarm/readings.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "swarm/random.hpp"
#include "swarm/rate.hpp"

namespace essaim::swarm {
namespace {

constexpr std::uint64_t kChunk = content::kChunkBytesMin;
constexpr ReaderId kReader{1};

content::ChunkPlan plan_of(std::uint32_t chunks) { return *content::plan_for(chunks * kChunk); }
ChunkRef chunk(std::uint32_t index, std::uint32_t item = 0) { return {ItemIndex{item}, content::ChunkIndex{index}}; }

std::vector<ChunkRef> chunks_of(const Readings& readings) {
  std::vector<ChunkRef> chunks;
  for (const Readings::Wanted& wanted : readings.wanted()) chunks.push_back(wanted.chunk);
  return chunks;
}
std::vector<ChunkRef> range(std::uint32_t begin, std::uint32_t end) {
  std::vector<ChunkRef> chunks;
  for (std::uint32_t each = begin; each < end; ++each) chunks.push_back(chunk(each));
  return chunks;
}

TEST(Readings, WantWhatComesNextInOrderUpToTheEndOfTheItem) {
  Readings readings;
  EXPECT_TRUE(readings.wanted().empty());
  EXPECT_TRUE(readings.set(kReader, chunk(5), plan_of(10)));
  EXPECT_EQ(chunks_of(readings), range(5, 5 + kReadAheadChunksMin)) << "no rate is known";
  EXPECT_FALSE(readings.set(kReader, chunk(5), plan_of(10))) << "nothing changed";
  EXPECT_TRUE(readings.set(kReader, chunk(8), plan_of(10)));
  EXPECT_EQ(chunks_of(readings), range(8, 10));
  EXPECT_TRUE(readings.set(kReader, chunk(0), plan_of(10))) << "back";
  EXPECT_EQ(chunks_of(readings), range(0, kReadAheadChunksMin));
  EXPECT_TRUE(readings.end(kReader));
  EXPECT_TRUE(readings.wanted().empty());
}

TEST(Readings, FollowTheRateWithinTheirBounds) {
  struct Case {
    std::uint64_t rate;
    std::uint64_t chunks;
  };
  const std::uint64_t per_chunk = rate_of(kChunk, kReadAheadTime);
  const std::uint64_t most = kReadAheadBytesMax / kChunk;
  for (const Case& each :
       {Case{0, kReadAheadChunksMin}, Case{kReadAheadChunksMin * per_chunk, kReadAheadChunksMin},
        Case{(kReadAheadChunksMin + 1) * per_chunk, kReadAheadChunksMin + 1}, Case{(most - 1) * per_chunk, most - 1},
        Case{most * per_chunk, most}, Case{(most + 1) * per_chunk, most}, Case{1000 * most * per_chunk, most}}) {
    Readings readings;
    readings.set_rate(each.rate);
    readings.set(kReader, chunk(0), plan_of(1000));
    EXPECT_EQ(readings.wanted().size(), each.chunks) << each.rate;
  }
}

TEST(Readings, ServeSeveralReadersTheEarliestDueFirst) {
  Readings readings;
  readings.set_rate(kChunk);
  readings.set(ReaderId{1}, chunk(10), plan_of(100));
  readings.set(ReaderId{2}, chunk(12), plan_of(100));
  const std::vector<Readings::Wanted> wanted = readings.wanted();
  const std::vector<Readings::Wanted> expected{{chunk(10), 0s},
                                               {chunk(12), 0s},
                                               {chunk(11), time_for(kChunk, kChunk)},
                                               {chunk(13), time_for(kChunk, kChunk)},
                                               {chunk(14), time_for(2 * kChunk, kChunk)},
                                               {chunk(15), time_for(3 * kChunk, kChunk)}};
  EXPECT_EQ(wanted, expected);
}

TEST(Readings, KnowNoMoreThanSoManyReaders) {
  Readings readings;
  for (std::uint64_t each = 0; each < kReadersMax; ++each)
    EXPECT_TRUE(readings.set(ReaderId{each}, chunk(0), plan_of(9)));
  EXPECT_FALSE(readings.set(ReaderId{kReadersMax}, chunk(7), plan_of(9)));
  EXPECT_FALSE(readings.contains(chunk(7)));
  readings.end(ReaderId{0});
  EXPECT_TRUE(readings.set(ReaderId{kReadersMax}, chunk(7), plan_of(9)));
  EXPECT_TRUE(readings.contains(chunk(7)));
}

// For each chunk the least distance to a reader at or before it, found by looking at all of them.
TEST(Readings, AgreeWithANaiveModelOnRandomCommands) {
  constexpr std::uint32_t kChunks = 40;
  constexpr std::uint32_t kItems = 3;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Readings readings;
    std::map<std::uint64_t, ChunkRef> model;
    std::uint64_t rate = 0;
    for (int step = 0; step < 100; ++step) {
      const std::uint64_t reader = random.below(5);
      switch (random.below(4)) {
        case 0:
          readings.end(ReaderId{reader});
          model.erase(reader);
          break;
        case 1:
          rate = random.below(20) * kChunk;
          readings.set_rate(rate);
          break;
        default:
          model[reader] = chunk(static_cast<std::uint32_t>(random.below(kChunks)),
                                static_cast<std::uint32_t>(random.below(kItems)));
          readings.set(ReaderId{reader}, model[reader], plan_of(kChunks));
      }
      const std::uint64_t window = std::max<std::uint64_t>((rate * 3 / 2 + kChunk - 1) / kChunk, kReadAheadChunksMin);
      std::vector<std::pair<Duration, ChunkRef>> expected;
      for (std::uint32_t item = 0; item < kItems; ++item) {
        for (std::uint32_t each = 0; each < kChunks; ++each) {
          std::optional<std::uint64_t> nearest;
          for (const auto& [id, at] : model) {
            const std::uint32_t begin = std::to_underlying(at.chunk);
            if (at.item != ItemIndex{item} || each < begin || each - begin >= window) continue;
            nearest = std::min<std::uint64_t>(nearest.value_or(kChunks), each - begin);
          }
          ASSERT_EQ(readings.contains(chunk(each, item)), nearest.has_value());
          if (nearest) expected.emplace_back(time_for(*nearest * kChunk, rate), chunk(each, item));
        }
      }
      std::ranges::sort(expected);
      std::vector<std::pair<Duration, ChunkRef>> wanted;
      for (const Readings::Wanted& each : readings.wanted()) wanted.emplace_back(each.due, each.chunk);
      ASSERT_EQ(wanted, expected) << step;
    }
  }
}

}  // namespace
}  // namespace essaim::swarm
