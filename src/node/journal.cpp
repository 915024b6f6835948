#include "node/journal.hpp"

#include <cstddef>

#include "content/manifest.hpp"
#include "node/bitmap.hpp"

namespace essaim::node {
namespace {

// Version, clean, bitmap, leaves.
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 2;

}  // namespace

Bytes encode_journal(const Journal& journal) {
  Bytes bytes{kVersion, static_cast<std::uint8_t>(journal.clean ? 1 : 0)};
  append_bitmap(bytes, journal.chunks);
  for (const Leaf& leaf : journal.leaves) bytes.insert(bytes.end(), leaf.bytes.begin(), leaf.bytes.end());
  return bytes;
}

std::optional<Journal> parse_journal(ByteView bytes, const content::ChunkPlan& plan) {
  const std::size_t bitmap = bitmap_bytes(plan.chunks);
  if (bytes.size() < kHeaderBytes + bitmap || bytes[0] != kVersion || bytes[1] > 1) return std::nullopt;
  Journal journal{.clean = bytes[1] == 1, .chunks = read_bitmap(bytes.subspan(kHeaderBytes), plan.chunks)};
  auto leaves = content::parse_leaves(bytes.subspan(kHeaderBytes + bitmap));
  if (!leaves || (!leaves->empty() && leaves->size() != plan.chunks)) return std::nullopt;
  journal.leaves = std::move(*leaves);
  return journal;
}

}  // namespace essaim::node
