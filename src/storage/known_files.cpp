#include "storage/known_files.hpp"

#include <utility>

namespace essaim::storage {

Result<std::optional<FileRecord>> KnownFiles::next() {
  if (at_ == records_.size() && !ended_) {
    auto page = (files_.*page_)({.share = share_, .after = last_, .limit = kKnownPageRecords});
    if (!page) return fail(std::move(page.error()));
    records_ = std::move(*page);
    at_ = 0;
    ended_ = records_.size() < kKnownPageRecords;
    if (!records_.empty()) last_ = records_.back().path;
  }
  if (at_ == records_.size()) return std::nullopt;
  return std::move(records_[at_++]);
}

}  // namespace essaim::storage
