// A question that a lane has for the control thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace essaim::node {

// Called on control, once.
template <class Answer>
using Respond = std::function<void(Answer)>;

// Waits on a lane for what ask(Respond) responds, at once or later, on control. Nothing of the lane's waits on control
// meanwhile: what is left there when a node ends outlives the lanes.
template <class Answer, class Ask>
boost::asio::awaitable<Answer> ask_control(boost::asio::any_io_executor control, Ask ask) {
  struct Waiter {
    boost::asio::steady_timer answered;  // never expires: cancelled by the answer
    std::optional<Answer> answer;
  };
  const auto lane = co_await boost::asio::this_coro::executor;
  const auto waiter = std::make_shared<Waiter>(
      Waiter{boost::asio::steady_timer(lane, boost::asio::steady_timer::time_point::max()), std::nullopt});
  Respond<Answer> respond = [lane, weak = std::weak_ptr(waiter)](Answer answer) {
    boost::asio::post(lane, [weak, answer = std::move(answer)]() mutable {
      const auto waiting = weak.lock();
      if (waiting == nullptr) return;
      waiting->answer = std::move(answer);
      waiting->answered.cancel();
    });
  };
  boost::asio::post(control,
                    [ask = std::move(ask), respond = std::move(respond)]() mutable { ask(std::move(respond)); });
  while (!waiter->answer) {
    co_await waiter->answered.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  co_return std::move(*waiter->answer);
}

}  // namespace essaim::node
