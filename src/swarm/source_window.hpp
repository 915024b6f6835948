// How much may be asked of one source before it has answered, and how long an answer should take.
#pragma once
#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "swarm/limits.hpp"

namespace essaim::swarm {

// Pure flow control for one source.
//
// === Specification ===
//  - The rate is the largest delivery rate seen in the last two epochs of kRateEpoch. Each answer gives a sample: what
//    was delivered since its request was made, over the time since (the delivery rate of
//    draft-cheng-iccrg-delivery-rate-estimation, as in BBR). A sample from a time when there was nothing more to ask
//    (note_idle) counts only if it is larger than what is known or assumed, and then never makes the window smaller.
//    Why: it measures the source and the path, not how much was asked; and it falls within two seconds when they slow.
//  - The round trip is the shortest time from a request to its answer, ever.
//    Why: what is longer is waiting in the queue, which is not to be counted again.
//  - The window is rate x (round trip + the larger of round trip and kQueueTarget), at least kWindowMinBytes, at most
//    kBytesInFlightMax; kWindowStartBytes before the first answer.
//    Why: the product of bandwidth and delay keeps the pipe full; what waits beyond it hides our own pauses, and no
//    more, because what is queued at one source can't be asked of another. Twice the product lets a window that is too
//    small show a higher rate, and grow (the gain of BBR).
//  - Whatever the window says: one request may always be in flight, and kRequestsFloor of them as long as they take no
//    longer than kFloorTime; never more than the source takes, and never more than kBytesInFlightMax bytes.
//  - An answer is expected when everything asked before it, and it, have come at the rate (kAssumedBytesPerSecond when
//    unknown) plus a round trip. It is overdue after twice that, from kRequestTimeoutMin to kRequestTimeoutMax.
class SourceWindow {
 public:
  // What a request must remember for the rate sample of its answer.
  struct Mark {
    Instant asked_at{};
    Instant delivered_at{};       // when the last answer came before it, or when the source was idle
    std::uint64_t delivered = 0;  // bytes until then
  };

  explicit SourceWindow(std::uint32_t requests_max);

  [[nodiscard]] bool has_room(std::uint32_t bytes) const;
  Mark on_asked(std::uint32_t bytes, Instant now);
  // Each request ends by one of these two.
  void on_delivered(std::uint32_t bytes, const Mark& mark, Instant now);
  void on_ended(std::uint32_t bytes);
  // There is room, and nothing to ask.
  void note_idle() { idle_until_delivered_ = delivered_ + bytes_in_flight_; }

  // From now until the answer to a request of so many bytes that would be made now.
  [[nodiscard]] Duration expected(std::uint32_t bytes) const;
  [[nodiscard]] Duration timeout(std::uint32_t bytes) const;

  [[nodiscard]] std::uint64_t window_bytes() const { return window_bytes_; }
  [[nodiscard]] std::uint64_t bytes_per_second() const { return rate_; }  // 0: unknown
  [[nodiscard]] std::uint32_t requests_in_flight() const { return requests_in_flight_; }
  [[nodiscard]] std::uint64_t bytes_in_flight() const { return bytes_in_flight_; }

 private:
  void take_sample(std::uint64_t rate, Instant now);

  std::uint32_t requests_max_;
  std::uint32_t requests_in_flight_ = 0;
  std::uint64_t bytes_in_flight_ = 0;
  std::uint64_t window_bytes_ = kWindowStartBytes;

  std::uint64_t delivered_ = 0;  // bytes
  Instant delivered_at_{};
  std::optional<std::uint64_t> idle_until_delivered_;  // what was asked when there was nothing more to ask

  std::uint64_t rate_ = 0;  // the larger of the two epochs
  std::uint64_t rate_of_epoch_ = 0;
  std::uint64_t rate_of_epoch_before_ = 0;
  Instant epoch_began_{};
  Duration round_trip_ = Duration::zero();  // 0: unknown
};

}  // namespace essaim::swarm
