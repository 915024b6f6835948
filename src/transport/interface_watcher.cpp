#include "transport/interface_watcher.hpp"

#include <array>
#include <cerrno>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace essaim::transport {

using boost::system::error_code;

// Shared with the handlers that are under way, so that they outlive the watcher.
class InterfaceWatcher::Loop : public std::enable_shared_from_this<Loop> {
 public:
  Loop(const boost::asio::any_io_executor& executor, std::function<void()> on_change)
      : socket_(executor), settle_(executor), on_change_(std::move(on_change)) {}

  std::error_code start() {
    const int descriptor = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (descriptor < 0) return {errno, std::generic_category()};
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      const std::error_code error(errno, std::generic_category());
      ::close(descriptor);
      return error;
    }
    socket_.assign(descriptor);
    running_ = true;
    wait();
    return {};
  }

  void stop() {
    running_ = false;
    error_code ignored;
    socket_.close(ignored);
    settle_.cancel();
  }

 private:
  void wait() {
    socket_.async_wait(boost::asio::posix::descriptor_base::wait_read, [self = shared_from_this()](error_code error) {
      if (error || !self->running_) return;
      if (self->drain()) self->settle();
      self->wait();
    });
  }

  // Was there anything? What the messages say does not matter: that they came is the news, and so it is if there were
  // too many for the system to keep (ENOBUFS).
  [[nodiscard]] bool drain() {
    std::array<char, 8192> messages{};
    bool any = false;
    while (true) {
      const ssize_t bytes = ::recv(socket_.native_handle(), messages.data(), messages.size(), 0);
      if (bytes == 0 || (bytes < 0 && errno != ENOBUFS)) return any;
      any = true;
    }
  }

  void settle() {
    if (std::exchange(settling_, true)) return;
    settle_.expires_after(kSettle);
    settle_.async_wait([self = shared_from_this()](error_code error) {
      self->settling_ = false;
      if (!error && self->running_) self->on_change_();
    });
  }

  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer settle_;
  std::function<void()> on_change_;
  bool running_ = false;
  bool settling_ = false;
};

InterfaceWatcher::InterfaceWatcher(const boost::asio::any_io_executor& executor, std::function<void()> on_change)
    : loop_(std::make_shared<Loop>(executor, std::move(on_change))) {}

InterfaceWatcher::~InterfaceWatcher() { loop_->stop(); }

std::error_code InterfaceWatcher::start() { return loop_->start(); }

void InterfaceWatcher::stop() { loop_->stop(); }

}  // namespace essaim::transport
