// Takes slow work off the control thread.
#pragma once
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace essaim::node {

template <class Work>
[[nodiscard]] boost::asio::awaitable<decltype(std::declval<Work&>()())> run_work(Work work) {
  co_return work();
}

// What work() returns, computed on a thread of the pool while the caller's thread goes on with other things. All that
// `work` refers to must outlive it: whoever owns the pool joins it before letting go of that.
template <class Work>
[[nodiscard]] boost::asio::awaitable<decltype(std::declval<Work&>()())> offload(boost::asio::thread_pool& pool,
                                                                                Work work) {
  auto task = run_work(std::move(work));
  co_return co_await boost::asio::co_spawn(pool, std::move(task), boost::asio::use_awaitable);
}

}  // namespace essaim::node
