#include "transport/lane.hpp"

#include <pthread.h>

#include <fmt/format.h>

#include "base/assert.hpp"

namespace essaim::transport {

// The hint says that one thread runs the loop; posting from others stays safe.
Lane::Lane(std::size_t number) : number_(number), context_(1), work_(boost::asio::make_work_guard(context_)) {
  thread_ = std::thread([this] { context_.run(); });
#ifdef __linux__
  pthread_setname_np(thread_.native_handle(), fmt::format("lane {}", number_).c_str());
#endif
}

Lane::~Lane() { stop(); }

void Lane::drain() {
  work_.reset();
  if (thread_.joinable()) thread_.join();
}

void Lane::stop() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

Lanes::Lanes(std::size_t count) {
  ASSERT(count > 0);
  for (std::size_t number = 0; number < count; ++number) lanes_.push_back(std::make_unique<Lane>(number));
}

Lane& Lanes::next() {
  Lane& lane = *lanes_[next_];
  next_ = (next_ + 1) % lanes_.size();
  return lane;
}

void Lanes::stop() {
  for (const auto& lane : lanes_) lane->stop();
}

}  // namespace essaim::transport
