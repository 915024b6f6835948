// A bounded queue of bytes in one piece of memory.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/assert.hpp"
#include "base/bytes.hpp"

namespace essaim::transport {

// Filled at its end, emptied at its front. Never moves a byte, but in grow(): the room at the front comes back when the
// queue runs empty, which its users let happen all the time. Memory that was never filled is never touched.
class ByteQueue {
 public:
  explicit ByteQueue(std::size_t capacity)
      : memory_(std::make_unique_for_overwrite<std::uint8_t[]>(capacity)), capacity_(capacity) {}

  // Makes room for so many bytes in all. Views of before are void.
  void grow(std::size_t capacity) {
    if (capacity <= capacity_) return;
    auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
    std::ranges::copy(bytes(), larger.get());
    end_ -= std::exchange(begin_, 0);
    memory_ = std::move(larger);
    capacity_ = capacity;
  }

  // Where the next bytes go, and how many of them came.
  [[nodiscard]] MutableByteView room() { return {memory_.get() + end_, capacity_ - end_}; }
  void filled(std::size_t bytes) {
    ASSERT(bytes <= capacity_ - end_);
    end_ += bytes;
  }

  // What is there, and how many of it were taken.
  [[nodiscard]] ByteView bytes() const { return {memory_.get() + begin_, end_ - begin_}; }
  void taken(std::size_t bytes) {
    ASSERT(bytes <= end_ - begin_);
    begin_ += bytes;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  [[nodiscard]] bool empty() const { return begin_ == end_; }

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace essaim::transport
