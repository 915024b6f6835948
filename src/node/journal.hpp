// What is written down of a file download, so that it can go on after a stop of any kind.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "content/chunk_plan.hpp"

namespace essaim::node {

// Which chunks are in the part file, and the leaves they were checked against.
//  - Every chunk in the bitmap was synced before the journal was written, so it is not hashed again. After a stop that
//    was not clean more may be in the part file than the bitmap tells: whoever resumes hashes the rest, which the
//    leaves allow without asking anybody.
struct Journal {
  bool clean = false;
  std::vector<bool> chunks;
  std::vector<Leaf> leaves;  // empty as long as they are not known, and for content of one chunk

  friend bool operator==(const Journal&, const Journal&) = default;
};

[[nodiscard]] Bytes encode_journal(const Journal& journal);
// Nothing for bytes that are no journal of content with this plan.
[[nodiscard]] std::optional<Journal> parse_journal(ByteView bytes, const content::ChunkPlan& plan);

}  // namespace essaim::node
