// Ctrl-C and SIGTERM: the first asks the command to end, the second ends it.
#pragma once
#include <chrono>
#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace essaim::cli {

class Interrupt {
 public:
  // `io` is run by whatever waits; signals are noticed then. It outlives this.
  explicit Interrupt(boost::asio::io_context& io);

  [[nodiscard]] bool asked() const { return asked_; }
  // Called when it is asked for: ends what is being waited for. Replaces the one before.
  void on_asked(std::function<void()> then) { then_ = std::move(then); }

  // As if a signal had come.
  void ask();

  // Runs `io` until `done()`, at most for `patience`.
  void run_until(const std::function<bool()>& done,
                 std::optional<std::chrono::steady_clock::duration> patience = std::nullopt);

 private:
  void wait_for_signal();

  boost::asio::io_context& io_;
  boost::asio::signal_set signals_;
  std::function<void()> then_;
  bool asked_ = false;
};

}  // namespace essaim::cli
