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
//  - After a clean stop the bitmap is true. After any other it is a hint: whoever resumes hashes what is there again,
//    which the leaves allow without asking anybody.
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
