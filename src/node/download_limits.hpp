// The rate limits of a download that no swarm::Download asks for.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "swarm/fair_limit.hpp"
#include "swarm/token_bucket.hpp"

namespace essaim::node {

// Its own limit, and its place in the one that all downloads share. Belongs to the control thread.
class DownloadLimits {
 public:
  DownloadLimits(const boost::asio::any_io_executor& control, std::optional<std::uint64_t> own_bytes_per_second,
                 std::shared_ptr<swarm::FairLimit> shared);

  // Answers when so many bytes may be asked for, or after stop(). One at a time.
  [[nodiscard]] boost::asio::awaitable<void> pass(std::uint64_t bytes);
  void set_own(std::optional<std::uint64_t> bytes_per_second);
  // Nobody waits any more.
  void stop();

 private:
  swarm::TokenBucket own_;
  swarm::LimitPlace shared_;
  boost::asio::steady_timer timer_;
  bool stopped_ = false;
};

}  // namespace essaim::node
