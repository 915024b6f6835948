// What a download that began as a draft had when it ended as one.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "node/journal.hpp"
#include "storage/part_file.hpp"

namespace essaim::node {

struct DraftRemains {
  ContentId draft;
  std::shared_ptr<storage::PartFile> part;
  std::vector<Leaf> leaves;  // as the owner told them, from the first on
  std::vector<bool> chunks;  // in the part file, each as its leaf says; one a chunk, or empty

  // For the download of the content that it is, with these leaves. Nothing is read again: a chunk is right where the
  // leaf that it was checked against is.
  [[nodiscard]] Journal journal(const std::vector<Leaf>& content) const;
};

}  // namespace essaim::node
