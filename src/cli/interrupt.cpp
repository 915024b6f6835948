#include "cli/interrupt.hpp"

#include <csignal>
#include <cstdlib>
#include <memory>

#include <boost/asio/steady_timer.hpp>

#include "cli/exit_code.hpp"

namespace essaim::cli {

Interrupt::Interrupt(boost::asio::io_context& io) : io_(io), signals_(io, SIGINT, SIGTERM) { wait_for_signal(); }

void Interrupt::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    if (asked_) std::_Exit(static_cast<int>(ExitCode::kInterrupted));
    ask();
    wait_for_signal();
  });
}

void Interrupt::ask() {
  asked_ = true;
  if (then_) then_();
}

void Interrupt::run_until(const std::function<bool()>& done,
                          std::optional<std::chrono::steady_clock::duration> patience) {
  boost::asio::steady_timer timer(io_);
  const auto over = std::make_shared<bool>(false);  // shared, because the timer's handler may run after this call
  if (patience) {
    timer.expires_after(*patience);
    timer.async_wait([over](const boost::system::error_code& error) { *over = !error; });
  }
  while (!done() && !*over) {
    if (io_.stopped()) io_.restart();
    io_.run_one();
  }
}

}  // namespace essaim::cli
