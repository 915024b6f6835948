#include "swarm/request_book.hpp"

#include "base/assert.hpp"

namespace essaim::swarm {

RequestId RequestBook::add(Request request) {
  const RequestId id{next_id_++};
  request.id = id;
  by_work_.emplace(request.work, id);
  by_source_.emplace(request.source, id);
  by_deadline_.emplace(request.deadline, id);
  if (request.overdue) ++overdue_count_;
  requests_.emplace_hint(requests_.end(), id, request);
  return id;
}

const Request* RequestBook::find(RequestId id) const {
  const auto found = requests_.find(id);
  return found == requests_.end() ? nullptr : &found->second;
}

std::optional<Request> RequestBook::remove(RequestId id) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return std::nullopt;
  const Request request = found->second;
  requests_.erase(found);
  by_work_.erase({request.work, id});
  by_source_.erase({request.source, id});
  by_deadline_.erase({request.deadline, id});
  if (request.overdue) --overdue_count_;
  return request;
}

void RequestBook::set_overdue(RequestId id, Instant deadline) {
  const auto found = requests_.find(id);
  ASSERT(found != requests_.end() && !found->second.overdue);
  by_deadline_.erase({found->second.deadline, id});
  found->second.overdue = true;
  found->second.deadline = deadline;
  by_deadline_.emplace(deadline, id);
  ++overdue_count_;
}

bool RequestBook::has_manifests() const {
  static_assert(WorkKind::kManifest < WorkKind::kChunk);
  return !by_work_.empty() && by_work_.begin()->first.kind == WorkKind::kManifest;
}

bool RequestBook::is_asked_of(const Work& work, SourceId source) const {
  for (auto each = by_work_.lower_bound({work, RequestId{0}}); each != by_work_.end() && each->first == work; ++each) {
    if (find(each->second)->source == source) return true;
  }
  return false;
}

std::vector<RequestId> RequestBook::requests_for(const Work& work) const {
  std::vector<RequestId> ids;
  for (auto each = by_work_.lower_bound({work, RequestId{0}}); each != by_work_.end() && each->first == work; ++each) {
    ids.push_back(each->second);
  }
  return ids;
}

std::vector<RequestId> RequestBook::requests_for_item(ItemIndex item) const {
  std::vector<RequestId> ids = requests_for(manifest_work(item));
  auto each = by_work_.lower_bound({chunk_work({item, content::ChunkIndex{0}}), RequestId{0}});
  for (; each != by_work_.end() && each->first.chunk.item == item; ++each) ids.push_back(each->second);
  return ids;
}

std::vector<RequestId> RequestBook::requests_at(SourceId source) const {
  std::vector<RequestId> ids;
  for (auto each = by_source_.lower_bound({source, RequestId{0}}); each != by_source_.end() && each->first == source;
       ++each) {
    ids.push_back(each->second);
  }
  return ids;
}

const Request* RequestBook::oldest_at(SourceId source) const {
  const auto oldest = by_source_.lower_bound({source, RequestId{0}});
  return oldest == by_source_.end() || oldest->first != source ? nullptr : find(oldest->second);
}

std::vector<Work> RequestBook::works() const {
  std::vector<Work> works;
  for (const auto& [work, id] : by_work_) {
    if (works.empty() || works.back() != work) works.push_back(work);
  }
  return works;
}

std::optional<Instant> RequestBook::next_deadline() const {
  if (by_deadline_.empty()) return std::nullopt;
  return by_deadline_.begin()->first;
}

std::optional<RequestId> RequestBook::find_expired(Instant now) const {
  if (by_deadline_.empty() || by_deadline_.begin()->first > now) return std::nullopt;
  return by_deadline_.begin()->second;
}

void RequestBook::check_invariants() const {
  ASSERT(by_work_.size() == requests_.size());
  ASSERT(by_source_.size() == requests_.size());
  ASSERT(by_deadline_.size() == requests_.size());
  std::size_t overdue = 0;
  for (const auto& [id, request] : requests_) {
    ASSERT(request.id == id);
    ASSERT(by_work_.contains({request.work, id}));
    ASSERT(by_source_.contains({request.source, id}));
    ASSERT(by_deadline_.contains({request.deadline, id}));
    if (request.overdue) ++overdue;
  }
  ASSERT(overdue == overdue_count_);
}

}  // namespace essaim::swarm
