#include "content/chunk_plan.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "support/vector_file.hpp"

namespace essaim::content {
namespace {

TEST(ChunkPlan, AgreesWithThePublishedPlans) {
  for (const auto& vector : test::read_vectors("content_hashes.json").at("plans").as_array()) {
    const auto size = test::decimal_at<std::uint64_t>(vector, "size");
    const auto plan = plan_for(size);
    ASSERT_TRUE(plan) << size;
    EXPECT_EQ(plan->size, size);
    EXPECT_EQ(plan->chunk_bytes, vector.at("chunk_bytes").to_number<std::uint32_t>()) << size;
    ASSERT_EQ(plan->chunks, vector.at("chunks").to_number<std::uint32_t>()) << size;
    if (plan->chunks == 0) continue;
    const auto last = ChunkIndex{plan->chunks - 1};
    EXPECT_EQ(plan->length(last), vector.at("last_chunk_bytes").to_number<std::uint32_t>()) << size;
    EXPECT_EQ(plan->offset(last) + plan->length(last), size);
  }
}

TEST(ChunkPlan, RefusesMoreThanTheLargestContent) {
  for (const auto& size : test::read_vectors("content_hashes.json").at("no_plan").as_array()) {
    EXPECT_FALSE(plan_for(std::stoull(boost::json::value_to<std::string>(size))));
  }
  EXPECT_TRUE(plan_for(kContentBytesMax - 1));
  EXPECT_TRUE(plan_for(kContentBytesMax));
  EXPECT_FALSE(plan_for(kContentBytesMax + 1));
}

TEST(ChunkPlan, HasAtMostTheNumberOfChunksThatItsLimitNames) {
  EXPECT_EQ(plan_for(kContentBytesMax)->chunks, kChunksMax);
  EXPECT_EQ(plan_for(kContentBytesMax - kChunkBytesMax)->chunks, kChunksMax - 1);
}

TEST(ChunkPlan, CoversTheContentWithoutGapOrOverlap) {
  for (const std::uint64_t size : {std::uint64_t{1}, 3 * kMiB + 1, 2 * kGiB + 1}) {
    const auto plan = *plan_for(size);
    std::uint64_t end = 0;
    for (std::uint32_t i = 0; i < plan.chunks; ++i) {
      ASSERT_TRUE(plan.has(ChunkIndex{i}));
      ASSERT_EQ(plan.offset(ChunkIndex{i}), end);
      ASSERT_GT(plan.length(ChunkIndex{i}), 0U);
      end += plan.length(ChunkIndex{i});
    }
    EXPECT_EQ(end, size);
    EXPECT_FALSE(plan.has(ChunkIndex{plan.chunks}));
  }
}

TEST(ChunkPlan, HasNoChunkOfEmptyContent) {
  const auto plan = *plan_for(0);
  EXPECT_EQ(plan.chunks, 0U);
  EXPECT_FALSE(plan.has(ChunkIndex{0}));
}

}  // namespace
}  // namespace essaim::content
