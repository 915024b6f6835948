#include "transport/deadline_timer.hpp"

#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "transport/clock.hpp"

namespace essaim::transport {

struct DeadlineTimer::State {
  boost::asio::steady_timer timer;
  std::function<void()> on_expiry;
  std::optional<Instant> deadline;
  std::optional<Instant> armed_for;  // when the timer fires; never later than `deadline` while both are set
};

DeadlineTimer::DeadlineTimer(const boost::asio::any_io_executor& executor, std::function<void()> on_expiry)
    : state_(std::make_shared<State>(boost::asio::steady_timer(executor), std::move(on_expiry))) {}

void DeadlineTimer::set(std::optional<Instant> deadline) {
  state_->deadline = deadline;
  if (deadline && (!state_->armed_for || *deadline < *state_->armed_for)) arm(state_);
}

std::optional<Instant> DeadlineTimer::deadline() const { return state_->deadline; }

void DeadlineTimer::arm(const std::shared_ptr<State>& state) {
  state->armed_for = state->deadline;
  state->timer.expires_at(to_steady(*state->deadline));
  // Weak, because a timer that has fired runs this even if its owner is destroyed before.
  state->timer.async_wait([weak = std::weak_ptr(state)](const boost::system::error_code& error) {
    const std::shared_ptr<State> alive = weak.lock();
    if (error || !alive) return;
    alive->armed_for.reset();
    if (!alive->deadline) return;
    if (now() < *alive->deadline) return arm(alive);
    alive->deadline.reset();
    alive->on_expiry();
  });
}

}  // namespace essaim::transport
