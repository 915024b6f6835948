// Which sources have failed to give what.
#pragma once
#include <map>
#include <vector>

#include "swarm/types.hpp"

namespace essaim::swarm {

// Sends what failed at one source to another one: a source with a mark is asked again only when every other usable
// holder has one too, and then all marks go (the Download sees to both). Holds only work that has failed and is still
// wanted, so it is nearly always empty.
class FailureMarks {
 public:
  void add(const Work& work, SourceId source);
  [[nodiscard]] bool has(const Work& work, SourceId source) const;
  [[nodiscard]] const std::map<Work, std::vector<SourceId>>& all() const { return marks_; }

  void clear(const Work& work);
  void clear_item(ItemIndex item);
  void clear_source(SourceId source);

 private:
  std::map<Work, std::vector<SourceId>> marks_;  // never an empty list
};

}  // namespace essaim::swarm
