// How content is cut into chunks. A function of the size alone, so that equal bytes have equal ids everywhere
// (docs/protocol.md, "Content").
#pragma once
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace essaim::content {

// Position of a chunk in its content, from 0.
enum class ChunkIndex : std::uint32_t {};

inline constexpr std::uint32_t kChunkBytesMin = 256 * kKiB;
inline constexpr std::uint32_t kChunkBytesMax = 4 * kMiB;
// Chunks grow so that there are no more than these, as long as kChunkBytesMax allows it.
inline constexpr std::uint32_t kChunksWantedMax = 8192;
// The largest content that has an id.
inline constexpr std::uint64_t kContentBytesMax = std::uint64_t{1} << 43U;
// What content of kContentBytesMax has, so no plan has more.
inline constexpr std::uint32_t kChunksMax = kContentBytesMax / kChunkBytesMax;

struct ChunkPlan {
  std::uint64_t size = 0;         // bytes of the content
  std::uint32_t chunk_bytes = 0;  // of every chunk but the last, which may be shorter
  std::uint32_t chunks = 0;       // 0 for empty content

  [[nodiscard]] bool has(ChunkIndex index) const { return static_cast<std::uint32_t>(index) < chunks; }
  // Where the chunk begins, in bytes. Only for a chunk that the plan has.
  [[nodiscard]] std::uint64_t offset(ChunkIndex index) const;
  // Bytes of the chunk. Only for a chunk that the plan has.
  [[nodiscard]] std::uint32_t length(ChunkIndex index) const;

  friend bool operator==(const ChunkPlan&, const ChunkPlan&) = default;
};

// Nothing for more than kContentBytesMax bytes.
[[nodiscard]] std::optional<ChunkPlan> plan_for(std::uint64_t size);

}  // namespace essaim::content
