#include "swarm/fair_limit.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "swarm/limits.hpp"

namespace essaim::swarm {

LimitUser FairLimit::join() {
  const LimitUser user{++last_user_};
  served_.emplace(user, virtual_time_);
  return user;
}

void FairLimit::leave(LimitUser user) {
  const auto found = served_.find(user);
  if (found == served_.end()) return;
  line_.erase({found->second, user});
  served_.erase(found);
}

bool FairLimit::is_next(LimitUser user) const { return line_.empty() || line_.begin()->second == user; }

bool FairLimit::ready(LimitUser user, Instant now) {
  std::uint64_t& served = served_.at(user);
  if (!line_.contains({served, user})) {
    if (bucket_.ready(now) && line_.empty()) return true;
    served = std::max(served, virtual_time_);
    line_.emplace(served, user);
  }
  while (!is_next(user) && bucket_.ready_at() + kLimitTurnGrace <= now) line_.erase(line_.begin());
  return bucket_.ready(now) && is_next(user);
}

Instant FairLimit::ready_at(LimitUser user) const {
  return is_next(user) ? bucket_.ready_at() : bucket_.ready_at() + kLimitTurnGrace;
}

void FairLimit::take(LimitUser user, std::uint64_t bytes, Instant now) {
  std::uint64_t& served = served_.at(user);
  line_.erase({served, user});
  virtual_time_ = std::max(virtual_time_, served);
  served = virtual_time_ + bytes;
  bucket_.take(bytes, now);
}

}  // namespace essaim::swarm
