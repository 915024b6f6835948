// Asks many at once, and goes on when all have answered or the time is up.
#pragma once
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace essaim::node {

// Runs all tasks side by side on `executor`'s one thread. What they write to must live until each has ended, which may
// be after this: let them share it.
inline boost::asio::awaitable<void> fan_out(boost::asio::any_io_executor executor,
                                            std::vector<boost::asio::awaitable<void>> tasks,
                                            std::chrono::milliseconds time_max) {
  struct Count {
    std::size_t left;
    boost::asio::steady_timer all_done;
  };
  if (tasks.empty()) co_return;
  const auto count = std::make_shared<Count>(tasks.size(), boost::asio::steady_timer(executor, time_max));
  for (auto& task : tasks) {
    boost::asio::co_spawn(executor, std::move(task), [count](const std::exception_ptr&) {
      if (--count->left == 0) count->all_done.cancel();
    });
  }
  if (count->left > 0) co_await count->all_done.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace essaim::node
