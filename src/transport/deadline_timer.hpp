// The one way a wait on a socket gets an end.
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

#include "base/time.hpp"

namespace essaim::transport {

// Calls a function once a deadline has passed. Made for deadlines that move with every frame: moving one later costs
// no system call and no timer operation, as the timer that is already set looks at the deadline again when it fires.
//
// Belongs to the thread of its executor. Destroying it guarantees that the function isn't called any more.
class DeadlineTimer {
 public:
  DeadlineTimer(const boost::asio::any_io_executor& executor, std::function<void()> on_expiry);
  DeadlineTimer(const DeadlineTimer&) = delete;
  DeadlineTimer& operator=(const DeadlineTimer&) = delete;

  // nullopt: none. An instant that has passed expires at the loop's next turn. After an expiry the timer rests until
  // the next call of this.
  void set(std::optional<Instant> deadline);
  [[nodiscard]] std::optional<Instant> deadline() const;

 private:
  struct State;
  static void arm(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace essaim::transport
