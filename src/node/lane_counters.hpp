// What the lanes count for metrics and for all sessions together.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace essaim::node {

struct LaneCounters {
  std::atomic<std::uint64_t> frames_refused = 0;    // whose sender was let go
  std::atomic<std::uint64_t> messages_refused = 0;  // answered bad_request or unsupported
  std::atomic<std::uint64_t> sessions_cut = 0;      // because the peer did not take what it had asked for
};

}  // namespace essaim::node
