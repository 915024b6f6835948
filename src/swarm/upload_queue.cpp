#include "swarm/upload_queue.hpp"

#include <algorithm>
#include <iterator>

#include "base/assert.hpp"
#include "base/defence.hpp"
#include "swarm/rate.hpp"

namespace essaim::swarm {

UploadQueue::UploadQueue(UploadLimits limits) : limits_(limits), limit_(limits.bytes_per_second) {}

Admission UploadQueue::enqueue(const UploadRequest& request, Instant now) {
  ASSERT(request.bytes > 0 && request.bytes <= content::kChunkBytesMax);
  auto found = askers_.find(request.asker);
  if (found != askers_.end() && found->second.has_turn()) {
    if (!may_go_on(found->second, now)) return Admission::kBusy;
  } else {
    if (!may_begin_turn(request, now)) return Admission::kBusy;
    if (found == askers_.end()) found = askers_.emplace(request.asker, Asker(limits_.bytes_per_second_each)).first;
    on_turn_.insert(request.asker);
    found->second.turn_began = now;
    found->second.others_wait = false;
  }
  Asker& asker = found->second;
  asker.content = request.content;
  asker.trade = request.trade;
  if (asker.queue.empty()) {
    asker.served = std::max(asker.served, virtual_time_);
    line_.emplace(asker.served, request.asker);
  }
  asker.queue.push_back(request);
  ++waiting_;
  return Admission::kQueued;
}

bool UploadQueue::may_begin_turn(const UploadRequest& request, Instant now) {
  if (askers_.size() >= kAskersMax && !askers_.contains(request.asker)) return false;
  if (request.trade == Trade::kKeeps) return true;
  std::size_t in_turn = 0;
  for (const AskerId id : on_turn_) {
    const Asker& other = askers_.find(id)->second;
    if (other.content == request.content && in_the_way(other, now)) ++in_turn;
  }
  if (in_turn < kServedTogetherMax) return true;
  for (const AskerId id : on_turn_) {
    Asker& other = askers_.find(id)->second;
    if (other.content == request.content) other.others_wait = true;
  }
  return false;
}

bool UploadQueue::may_go_on(const Asker& asker, Instant now) {
  if (defended(Defence::kUploadQueuePerAsker) && asker.queue.size() >= kUploadQueuePerAskerMax) return false;
  return asker.trade == Trade::kKeeps || !asker.others_wait || now - asker.turn_began < kTurnTime;
}

// Does it keep others from a turn?
bool UploadQueue::in_the_way(const Asker& asker, Instant now) {
  if (asker.trade == Trade::kKeeps) return false;
  if (asker.given_at.empty()) return asker.limit.ready(now);
  return now - asker.given_at.begin()->second <= time_for(asker.in_service, kBriskBytesPerSecond);
}

void UploadQueue::end_turn_if_idle(AskerId id) {
  const auto asker = askers_.find(id);
  if (asker == askers_.end() || !asker->second.has_turn()) on_turn_.erase(id);
}

std::optional<UploadOrder> UploadQueue::take_next(Instant now) {
  limited_until_.reset();
  if (!limit_.ready(now)) {
    if (waiting_ > 0) limited_until_ = limit_.ready_at();
    return std::nullopt;
  }
  for (const auto& [served, id] : line_) {
    Asker& asker = askers_.find(id)->second;
    const std::size_t chosen = choose(asker);
    if (!has_room(asker, asker.queue[chosen].bytes)) continue;
    if (asker.limit.ready(now)) return serve(id, chosen, now);
    const Instant ready_at = asker.limit.ready_at();
    limited_until_ = limited_until_ ? std::min(*limited_until_, ready_at) : ready_at;
  }
  return std::nullopt;
}

bool UploadQueue::has_room(const Asker& asker, std::uint32_t bytes) const {
  if (bytes_in_service_ + bytes > kUploadBytesInServiceMax) return false;
  const std::uint64_t free = kUploadBytesInServiceMax - bytes_in_service_ - bytes;
  return asker.in_service == 0 || asker.in_service + bytes <= free;
}

// The position in its queue of what the asker gets next.
std::size_t UploadQueue::choose(const Asker& asker) const {
  if (asker.passed_over >= kPassedOverMax) return 0;
  const std::size_t among = std::min(asker.queue.size(), kUploadLookahead);
  std::size_t least = 0;
  for (std::size_t each = 1; each < among; ++each) {
    const auto served = [&](std::size_t at) { return counts_.count(asker.queue[at].content, asker.queue[at].chunk); };
    if (served(each) < served(least)) least = each;
  }
  return least;
}

UploadOrder UploadQueue::serve(AskerId id, std::size_t position, Instant now) {
  Asker& asker = askers_.find(id)->second;
  const UploadOrder order{UploadTicket{next_ticket_++}, asker.queue[position]};
  const std::uint32_t bytes = order.request.bytes;
  line_.erase({asker.served, id});
  virtual_time_ = asker.served;
  asker.queue.erase(asker.queue.begin() + static_cast<std::ptrdiff_t>(position));
  asker.passed_over = position == 0 ? 0 : asker.passed_over + 1;
  asker.served += bytes;
  asker.in_service += bytes;
  asker.given_at.emplace(order.ticket, now);
  asker.limit.take(bytes, now);
  if (!asker.queue.empty()) line_.emplace(asker.served, id);
  --waiting_;
  limit_.take(bytes, now);
  bytes_in_service_ += bytes;
  in_service_.emplace(order.ticket, InService{id, bytes});
  if (order.request.trade == Trade::kPassesOn) counts_.add(order.request.content, order.request.chunk);
  return order;
}

void UploadQueue::on_served(UploadTicket ticket) {
  const auto found = in_service_.find(ticket);
  if (found == in_service_.end()) return;
  bytes_in_service_ -= found->second.bytes;
  if (const auto asker = askers_.find(found->second.asker); asker != askers_.end()) {
    asker->second.in_service -= found->second.bytes;
    asker->second.given_at.erase(ticket);
  }
  end_turn_if_idle(found->second.asker);
  in_service_.erase(found);
}

void UploadQueue::cancel(AskerId id, std::uint64_t request) {
  const auto found = askers_.find(id);
  if (found == askers_.end()) return;
  Asker& asker = found->second;
  const auto waiting = std::ranges::find(asker.queue, request, &UploadRequest::request);
  if (waiting == asker.queue.end()) return;
  if (waiting == asker.queue.begin()) asker.passed_over = 0;
  asker.queue.erase(waiting);
  --waiting_;
  if (asker.queue.empty()) line_.erase({asker.served, id});
  end_turn_if_idle(id);
}

void UploadQueue::on_asker_gone(AskerId id) {
  const auto found = askers_.find(id);
  if (found == askers_.end()) return;
  waiting_ -= found->second.queue.size();
  line_.erase({found->second.served, id});
  askers_.erase(found);
  end_turn_if_idle(id);
}

void UploadQueue::set_limits(UploadLimits limits) {
  limits_ = limits;
  limit_.set_rate(limits.bytes_per_second);
  for (auto& [id, asker] : askers_) asker.limit.set_rate(limits.bytes_per_second_each);
  limited_until_.reset();
}

void UploadQueue::check_invariants() const {
  std::size_t waiting = 0;
  std::size_t in_line = 0;
  for (const auto& [id, asker] : askers_) {
    waiting += asker.queue.size();
    in_line += asker.queue.empty() ? 0 : 1;
    ASSERT(asker.queue.size() <= kUploadQueuePerAskerMax);
    ASSERT(line_.contains({asker.served, id}) == !asker.queue.empty());
    std::uint64_t bytes = 0;
    for (const auto& [ticket, service] : in_service_) bytes += service.asker == id ? service.bytes : 0;
    ASSERT(asker.in_service == bytes && asker.given_at.empty() == (bytes == 0));
    ASSERT(on_turn_.contains(id) == asker.has_turn());
  }
  for (const AskerId id : on_turn_) ASSERT(askers_.contains(id));
  ASSERT(waiting == waiting_ && in_line == line_.size());
  std::uint64_t in_service = 0;
  for (const auto& [ticket, service] : in_service_) in_service += service.bytes;
  ASSERT(in_service == bytes_in_service_ && in_service <= kUploadBytesInServiceMax);
  ASSERT(askers_.size() <= kAskersMax);
}

}  // namespace essaim::swarm
