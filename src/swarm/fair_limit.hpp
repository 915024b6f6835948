// One rate limit for several users.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/time.hpp"
#include "swarm/token_bucket.hpp"

namespace essaim::swarm {

// Whom a FairLimit tells apart. Never given twice.
enum class LimitUser : std::uint64_t {};

// Pure: no I/O, no clock; same calls, same answers.
//
// === Specification ===
//  - All users together stay within the rate (TokenBucket).
//  - Fair by bytes: of those who were told to wait, the one that has got the fewest is next, counted from when it last
//    came to wait (start-time fair queueing: Goyal, Vin, Cheng 1996).
//    Why: what one user cannot use, because its sources are slow, goes to the others without anybody dividing.
//  - Whoever is next and does not come within kLimitTurnGrace loses its place in the line.
//    Why: a download that was paused, or lost its sources, need not say so.
//
// Cost: O(log users) a call.
class FairLimit {
 public:
  explicit FairLimit(std::optional<std::uint64_t> bytes_per_second) : bucket_(bytes_per_second) {}

  // A change forgives what is still to be waited for.
  void set_rate(std::optional<std::uint64_t> bytes_per_second) { bucket_.set_rate(bytes_per_second); }

  [[nodiscard]] LimitUser join();
  void leave(LimitUser user);

  // May it take something now? One that may not is in line from then on, and asks again at ready_at().
  [[nodiscard]] bool ready(LimitUser user, Instant now);
  [[nodiscard]] Instant ready_at(LimitUser user) const;
  // Only after ready().
  void take(LimitUser user, std::uint64_t bytes, Instant now);

 private:
  [[nodiscard]] bool is_next(LimitUser user) const;

  TokenBucket bucket_;
  std::map<LimitUser, std::uint64_t> served_;           // bytes it got, or the virtual time when it last came to wait
  std::set<std::pair<std::uint64_t, LimitUser>> line_;  // who waits, by what it got
  std::uint64_t virtual_time_ = 0;                      // `served` of who took last
  std::uint64_t last_user_ = 0;
};

// A user's place in a shared limit, from its construction to its end. Without a limit it is always ready.
class LimitPlace {
 public:
  explicit LimitPlace(std::shared_ptr<FairLimit> limit)
      : limit_(std::move(limit)), user_(limit_ == nullptr ? LimitUser{} : limit_->join()) {}
  LimitPlace(const LimitPlace&) = delete;
  LimitPlace& operator=(const LimitPlace&) = delete;
  LimitPlace(LimitPlace&&) noexcept = default;
  LimitPlace& operator=(LimitPlace&&) = delete;
  ~LimitPlace() {
    if (limit_ != nullptr) limit_->leave(user_);
  }

  [[nodiscard]] bool ready(Instant now) { return limit_ == nullptr || limit_->ready(user_, now); }
  [[nodiscard]] Instant ready_at() const { return limit_ == nullptr ? Instant::min() : limit_->ready_at(user_); }
  void take(std::uint64_t bytes, Instant now) {
    if (limit_ != nullptr) limit_->take(user_, bytes, now);
  }

 private:
  std::shared_ptr<FairLimit> limit_;
  LimitUser user_;
};

}  // namespace essaim::swarm
