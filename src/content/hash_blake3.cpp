#include <array>
#include <cstddef>
#include <optional>

#include <blake3.h>

#include "base/assert.hpp"
#include "content/chunk_plan.hpp"
#include "content/hash.hpp"

namespace essaim::content {
namespace {

template <class Digest>
Digest finalize(const blake3_hasher& hasher) {
  Digest digest;
  blake3_hasher_finalize(&hasher, digest.bytes.data(), digest.bytes.size());
  return digest;
}

template <class Integer>
void update_little_endian(blake3_hasher& hasher, Integer value) {
  std::array<std::uint8_t, sizeof value> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  blake3_hasher_update(&hasher, bytes.data(), bytes.size());
}

}  // namespace

Leaf leaf_of(ByteView chunk) {
  blake3_hasher hasher;
  blake3_hasher_init(&hasher);
  blake3_hasher_update(&hasher, chunk.data(), chunk.size());
  return finalize<Leaf>(hasher);
}

struct LeafHasher::State {
  blake3_hasher hasher;
};

LeafHasher::LeafHasher() : state_(std::make_unique<State>()) { blake3_hasher_init(&state_->hasher); }
LeafHasher::LeafHasher(LeafHasher&&) noexcept = default;
LeafHasher& LeafHasher::operator=(LeafHasher&&) noexcept = default;
LeafHasher::~LeafHasher() = default;

void LeafHasher::update(ByteView piece) { blake3_hasher_update(&state_->hasher, piece.data(), piece.size()); }

Leaf LeafHasher::finish() {
  const Leaf leaf = finalize<Leaf>(state_->hasher);
  blake3_hasher_init(&state_->hasher);
  return leaf;
}

ContentId content_id_of(std::uint64_t size, std::span<const Leaf> leaves) {
  const std::optional<ChunkPlan> plan = plan_for(size);
  ASSERT(plan && plan->chunks == leaves.size());
  blake3_hasher hasher;
  blake3_hasher_init_derive_key_raw(&hasher, kContentIdContext.data(), kContentIdContext.size());
  update_little_endian(hasher, size);
  update_little_endian(hasher, plan->chunk_bytes);
  for (const Leaf& leaf : leaves) blake3_hasher_update(&hasher, leaf.bytes.data(), leaf.bytes.size());
  return finalize<ContentId>(hasher);
}

}  // namespace essaim::content
