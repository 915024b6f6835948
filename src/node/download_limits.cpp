#include "node/download_limits.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transport/clock.hpp"

namespace essaim::node {

namespace asio = boost::asio;

DownloadLimits::DownloadLimits(const asio::any_io_executor& control, std::optional<std::uint64_t> own_bytes_per_second,
                               std::shared_ptr<swarm::FairLimit> shared)
    : own_(own_bytes_per_second), shared_(std::move(shared)), timer_(control) {}

asio::awaitable<void> DownloadLimits::pass(std::uint64_t bytes) {
  while (!stopped_) {
    const Instant now = transport::now();
    const bool own_ready = own_.ready(now);
    if (own_ready && shared_.ready(now)) {
      own_.take(bytes, now);
      shared_.take(bytes, now);
      co_return;
    }
    timer_.expires_at(transport::to_steady(own_ready ? shared_.ready_at() : own_.ready_at()));
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void DownloadLimits::set_own(std::optional<std::uint64_t> bytes_per_second) {
  own_.set_rate(bytes_per_second);
  timer_.cancel();
}

void DownloadLimits::stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace essaim::node
