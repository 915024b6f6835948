#include "node/events.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace essaim::node {

EventLog::EventLog(const boost::asio::any_io_executor& control)
    : changed_(control, boost::asio::steady_timer::time_point::max()) {}

void EventLog::publish(EventBody body) {
  events_.push_back(Event{++newest_, std::move(body)});
  if (events_.size() > kEventsKeptMax) events_.pop_front();
  changed_.cancel();
}

std::optional<std::vector<Event>> EventLog::after(std::uint64_t number) const {
  if (number > newest_) return std::nullopt;
  const std::uint64_t wanted = newest_ - number;
  if (wanted > events_.size()) return std::nullopt;
  return std::vector<Event>(events_.end() - static_cast<std::ptrdiff_t>(wanted), events_.end());
}

boost::asio::awaitable<void> EventLog::wait_after(std::uint64_t number) {
  while (!closed_ && newest_ <= number) {
    co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
}

void EventLog::close() {
  closed_ = true;
  changed_.cancel();
}

}  // namespace essaim::node
