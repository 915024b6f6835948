// How much of what we say a peer has not taken yet, and how much that may be.
#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "base/bytes.hpp"
#include "base/defence.hpp"

namespace essaim::node {

// Frames that wait for all peers together.
inline constexpr std::size_t kUnsentBytesMax = 48 * kMiB;
// So much may wait for a peer however much waits for the others.
inline constexpr std::size_t kUnsentBytesPerPeerMin = 256 * kKiB;
// What a frame costs besides its bytes.
inline constexpr std::size_t kUnsentFrameCost = 64;

// Counts the frames that wait for one peer. Chunks don't count: they wait as orders (node/session_outbox.hpp).
//  - A peer may let as much wait as is free besides (dynamic thresholds: Choudhury, Hahne 1998): one that takes nothing
//    gets half of kUnsentBytesMax, two a third each. Why: an honest one takes what it asks for and never comes near; a
//    thousand hostile ones get no more memory than two.
//  - Beyond half of that it is behind(): its questions are answered `busy`. Beyond it, it is lost(): the session ends.
//    Why not just stop reading: two honest peers that ask each other for much would wait for each other for ever.
// Any thread may call this.
class Unsent {
 public:
  using Total = std::shared_ptr<std::atomic<std::size_t>>;  // of all sessions

  explicit Unsent(Total total) : total_(std::move(total)) {}
  Unsent(const Unsent&) = delete;
  Unsent& operator=(const Unsent&) = delete;
  ~Unsent() { total_->fetch_sub(own_.load()); }

  void add(std::size_t frame_bytes) {
    own_.fetch_add(frame_bytes + kUnsentFrameCost);
    total_->fetch_add(frame_bytes + kUnsentFrameCost);
  }
  void take(std::size_t frame_bytes) {
    own_.fetch_sub(frame_bytes + kUnsentFrameCost);
    total_->fetch_sub(frame_bytes + kUnsentFrameCost);
  }
  [[nodiscard]] bool behind() const { return beyond(2); }
  [[nodiscard]] bool lost() const { return beyond(1); }

 private:
  [[nodiscard]] bool beyond(std::size_t part) const {
    if (!defended(Defence::kUnsentAnswers)) return false;
    const std::size_t own = own_.load();
    const std::size_t all = total_->load();
    const std::size_t free = all < kUnsentBytesMax ? kUnsentBytesMax - all : 0;
    return own > kUnsentBytesPerPeerMin && own > free / part;
  }

  Total total_;
  std::atomic<std::size_t> own_ = 0;
};

}  // namespace essaim::node
