#include "swarm/failure_marks.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace essaim::swarm {

void FailureMarks::add(const Work& work, SourceId source) {
  std::vector<SourceId>& sources = marks_[work];
  if (std::ranges::find(sources, source) == sources.end()) sources.push_back(source);
}

bool FailureMarks::has(const Work& work, SourceId source) const {
  if (marks_.empty()) return false;
  const auto found = marks_.find(work);
  return found != marks_.end() && std::ranges::find(found->second, source) != found->second.end();
}

void FailureMarks::clear(const Work& work) { marks_.erase(work); }

void FailureMarks::clear_item(ItemIndex item) {
  constexpr content::ChunkIndex kLast{std::numeric_limits<std::uint32_t>::max()};
  clear(manifest_work(item));
  marks_.erase(marks_.lower_bound(chunk_work({item, content::ChunkIndex{0}})),
               marks_.upper_bound(chunk_work({item, kLast})));
}

void FailureMarks::clear_source(SourceId source) {
  for (auto mark = marks_.begin(); mark != marks_.end();) {
    std::erase(mark->second, source);
    mark = mark->second.empty() ? marks_.erase(mark) : std::next(mark);
  }
}

}  // namespace essaim::swarm
