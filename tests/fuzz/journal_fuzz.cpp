// What is read of a journal fits the download it is for, whatever is in the catalogue, and is written the same again.
// The first byte is the size of the content in chunks.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "node/journal.hpp"
#include "node/tree_journal.hpp"

using namespace essaim;
using namespace essaim::node;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const ByteView bytes(data + 1, size - 1);
  const auto plan = *content::plan_for(std::uint64_t{data[0]} * content::kChunkBytesMin);
  if (const auto journal = parse_journal(bytes, plan)) {
    ASSERT(journal->chunks.size() == plan.chunks);
    ASSERT(journal->leaves.empty() || journal->leaves.size() == plan.chunks);
    ASSERT(parse_journal(encode_journal(*journal), plan) == journal);
  }
  std::vector<swarm::Item> items(data[0] % 8U);
  for (std::size_t i = 0; i < items.size(); ++i) items[i].size = i * content::kChunkBytesMin;
  if (const auto journal = parse_tree_journal(bytes, items)) {
    ASSERT(journal->whole.size() == items.size());
    for (const TreeJournal::Part& part : journal->parts) {
      ASSERT(part.item < items.size() && part.leaves.size() == part.chunks.size());
    }
    ASSERT(parse_tree_journal(encode_tree_journal(*journal), items) == journal);
  }
  return 0;
}
