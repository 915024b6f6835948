// What is written down of a folder download, so that it can go on after a stop of any kind.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "swarm/types.hpp"

namespace essaim::node {

// Files that are whole, and what has come of files of several chunks that are not.
//  - Everything it tells of was synced before it was written. After a clean stop it is true; after any other it is a
//    hint, and whoever resumes hashes what is there again.
struct TreeJournal {
  struct Part {
    std::uint32_t item = 0;
    std::vector<bool> chunks;
    std::vector<Leaf> leaves;  // as many as chunks
    friend bool operator==(const Part&, const Part&) = default;
  };
  bool clean = false;
  std::vector<bool> whole;
  std::vector<Part> parts;  // by item, ascending

  friend bool operator==(const TreeJournal&, const TreeJournal&) = default;
};

[[nodiscard]] Bytes encode_tree_journal(const TreeJournal& journal);
// Nothing for bytes that are no journal of a download of these items.
[[nodiscard]] std::optional<TreeJournal> parse_tree_journal(ByteView bytes, const std::vector<swarm::Item>& items);

}  // namespace essaim::node
