#include "node/tree_journal.hpp"

#include "content/chunk_plan.hpp"
#include "content/manifest.hpp"
#include "node/bitmap.hpp"

namespace essaim::node {
namespace {

// Version, clean, bitmap of items; then for each part its item (32 bits, little-endian), bitmap and leaves.
constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kHeaderBytes = 2;
constexpr std::size_t kItemBytes = 4;

void put_u32(Bytes& to, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t take_u32(ByteView& from) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < kItemBytes; ++i) value |= std::uint32_t{from[i]} << (8 * i);
  from = from.subspan(kItemBytes);
  return value;
}

std::optional<TreeJournal::Part> take_part(ByteView& from, const std::vector<swarm::Item>& items) {
  if (from.size() < kItemBytes) return std::nullopt;
  TreeJournal::Part part{.item = take_u32(from), .chunks = {}, .leaves = {}};
  if (part.item >= items.size()) return std::nullopt;
  const auto plan = content::plan_for(items[part.item].size);
  if (!plan || plan->chunks < 2) return std::nullopt;
  const std::size_t leaf_bytes = plan->chunks * sizeof(Leaf::bytes);
  if (from.size() < bitmap_bytes(plan->chunks) + leaf_bytes) return std::nullopt;
  part.chunks = read_bitmap(from, plan->chunks);
  from = from.subspan(bitmap_bytes(plan->chunks));
  auto leaves = content::parse_leaves(from.first(leaf_bytes));
  if (!leaves) return std::nullopt;
  part.leaves = std::move(*leaves);
  from = from.subspan(leaf_bytes);
  return part;
}

}  // namespace

Bytes encode_tree_journal(const TreeJournal& journal) {
  Bytes bytes{kVersion, static_cast<std::uint8_t>(journal.clean ? 1 : 0)};
  append_bitmap(bytes, journal.whole);
  for (const TreeJournal::Part& part : journal.parts) {
    put_u32(bytes, part.item);
    append_bitmap(bytes, part.chunks);
    for (const Leaf& leaf : part.leaves) bytes.insert(bytes.end(), leaf.bytes.begin(), leaf.bytes.end());
  }
  return bytes;
}

std::optional<TreeJournal> parse_tree_journal(ByteView bytes, const std::vector<swarm::Item>& items) {
  const std::size_t bitmap = bitmap_bytes(items.size());
  if (bytes.size() < kHeaderBytes + bitmap || bytes[0] != kVersion || bytes[1] > 1) return std::nullopt;
  TreeJournal journal{.clean = bytes[1] == 1, .whole = {}, .parts = {}};
  journal.whole = read_bitmap(bytes.subspan(kHeaderBytes), items.size());
  for (ByteView rest = bytes.subspan(kHeaderBytes + bitmap); !rest.empty();) {
    auto part = take_part(rest, items);
    const bool in_order = part && (journal.parts.empty() || journal.parts.back().item < part->item);
    if (!in_order) return std::nullopt;
    journal.parts.push_back(std::move(*part));
  }
  return journal;
}

}  // namespace essaim::node
