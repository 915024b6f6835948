// The requests in flight.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "swarm/source_window.hpp"
#include "swarm/types.hpp"

namespace essaim::swarm {

struct Request {
  RequestId id{};
  SourceId source{};
  Work work;
  std::uint32_t first = 0;  // of a manifest: its leaves [first, first + count)
  std::uint32_t count = 0;
  std::uint32_t bytes = 0;  // of the answer
  SourceWindow::Mark mark{};
  Instant expected_at{};
  Instant deadline{};  // when it becomes overdue; once it is, when it is given up
  bool overdue = false;
};

// Finds them by number, by what they are for, by source, and by deadline. Every list is in the order of asking.
// Cost: O(log n) a call and O(1) a result.
class RequestBook {
 public:
  // Numbers it; the caller's `id` is ignored.
  RequestId add(Request request);
  [[nodiscard]] const Request* find(RequestId id) const;
  std::optional<Request> remove(RequestId id);
  // No longer on time; `deadline` is when it is given up.
  void set_overdue(RequestId id, Instant deadline);

  [[nodiscard]] std::size_t size() const { return requests_.size(); }
  [[nodiscard]] std::size_t overdue_count() const { return overdue_count_; }
  [[nodiscard]] bool has_manifests() const;
  [[nodiscard]] bool is_asked_of(const Work& work, SourceId source) const;
  [[nodiscard]] std::vector<RequestId> requests_for(const Work& work) const;
  [[nodiscard]] std::vector<RequestId> requests_for_item(ItemIndex item) const;
  [[nodiscard]] std::vector<RequestId> requests_at(SourceId source) const;
  // Null where nothing is asked of it.
  [[nodiscard]] const Request* oldest_at(SourceId source) const;
  // What is in flight, each once, in no order of time: by Work.
  [[nodiscard]] std::vector<Work> works() const;

  [[nodiscard]] std::optional<Instant> next_deadline() const;
  // The request whose deadline passed first, if one has.
  [[nodiscard]] std::optional<RequestId> find_expired(Instant now) const;

  // Testing only; slow.
  void check_invariants() const;

 private:
  std::map<RequestId, Request> requests_;
  std::set<std::pair<Work, RequestId>> by_work_;
  std::set<std::pair<SourceId, RequestId>> by_source_;
  std::set<std::pair<Instant, RequestId>> by_deadline_;
  std::size_t overdue_count_ = 0;
  std::uint64_t next_id_ = 1;
};

}  // namespace essaim::swarm
