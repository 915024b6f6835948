// Lanes: threads with an event loop each. A connection lives on one lane for life.
#pragma once
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace essaim::transport {

// One event loop and the thread that runs it, from construction to stop(). Only post(), executor() and number() may be
// used from other threads.
class Lane {
 public:
  using Executor = boost::asio::io_context::executor_type;

  explicit Lane(std::size_t number);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane();

  // Runs `function` on the lane's thread, later, in the order of the posts of one thread. Move-only functions are
  // welcome. After stop() it is dropped unrun, at the latest when the lane is destroyed.
  template <class Function>
  void post(Function&& function) {
    boost::asio::post(context_, std::forward<Function>(function));
  }

  [[nodiscard]] Executor executor() { return context_.get_executor(); }
  // For who runs its control loop on a lane too.
  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] bool is_this_thread() { return executor().running_in_this_thread(); }

  // Lets the loop end when nothing is left for it to wait for, and joins the thread.
  void drain();
  // Ends the loop after the handler that runs now and joins the thread. Coroutines that still wait are destroyed with
  // the lane, so their sessions should have been closed before.
  void stop();

 private:
  std::size_t number_;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<Executor> work_;
  std::thread thread_;
};

// All lanes of a node. Used by the control thread alone, except at(), which any thread may call.
class Lanes {
 public:
  // At least one; one a core is the rule.
  explicit Lanes(std::size_t count);

  // Each in turn.
  [[nodiscard]] Lane& next();
  [[nodiscard]] Lane& at(std::size_t number) { return *lanes_.at(number); }
  [[nodiscard]] std::size_t count() const { return lanes_.size(); }
  void stop();

 private:
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::size_t next_ = 0;
};

}  // namespace essaim::transport
