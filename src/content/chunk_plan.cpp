#include "content/chunk_plan.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/defence.hpp"

namespace essaim::content {

std::uint64_t ChunkPlan::offset(ChunkIndex index) const {
  ASSERT(has(index));
  return std::uint64_t{static_cast<std::uint32_t>(index)} * chunk_bytes;
}

std::uint32_t ChunkPlan::length(ChunkIndex index) const {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk_bytes, size - offset(index)));
}

std::optional<ChunkPlan> plan_for(std::uint64_t size) {
  if (defended(Defence::kContentSize) && size > kContentBytesMax) return std::nullopt;
  std::uint32_t chunk_bytes = kChunkBytesMin;
  while (chunk_bytes < kChunkBytesMax && size > std::uint64_t{kChunksWantedMax} * chunk_bytes) chunk_bytes *= 2;
  const std::uint64_t chunks = (size + chunk_bytes - 1) / chunk_bytes;
  return ChunkPlan{.size = size, .chunk_bytes = chunk_bytes, .chunks = static_cast<std::uint32_t>(chunks)};
}

}  // namespace essaim::content
