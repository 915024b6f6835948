// Tells when the network interfaces change, without polling (rtnetlink(7)).
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <system_error>

#include <boost/asio/any_io_executor.hpp>

namespace essaim::transport {

// Calls `on_change` kSettle after the first of a volley of changes of links and addresses, on the thread that runs
// `executor`. A call does not promise that anything of interest changed: compare list_interfaces().
// Destroying it stops it at once, also from within `on_change`.
class InterfaceWatcher {
 public:
  static constexpr std::chrono::milliseconds kSettle{200};

  InterfaceWatcher(const boost::asio::any_io_executor& executor, std::function<void()> on_change);
  InterfaceWatcher(const InterfaceWatcher&) = delete;
  InterfaceWatcher& operator=(const InterfaceWatcher&) = delete;
  ~InterfaceWatcher();

  // Begins to watch. On an error nothing is watched; discovery then works on the interfaces that there are.
  [[nodiscard]] std::error_code start();
  void stop();

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace essaim::transport
