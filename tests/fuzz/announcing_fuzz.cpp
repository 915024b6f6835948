// However often it is asked to, discovery says and takes no more than its limits: of any second's datagrams, of the
// answers it gives, and of announcements.
#include <cstddef>
#include <cstdint>
#include <deque>

#include "base/assert.hpp"
#include "discovery/announce_schedule.hpp"
#include "discovery/answer_limiter.hpp"
#include "discovery/rate_gate.hpp"
#include "fuzz/choices.hpp"

using namespace essaim;
using namespace essaim::discovery;

namespace {

// Counts what happened within the last second.
class LastSecond {
 public:
  std::size_t count(Instant now) {
    at_.push_back(now);
    while (now - at_.front() >= std::chrono::seconds(1)) at_.pop_front();
    return at_.size();
  }

 private:
  std::deque<Instant> at_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  Instant now{std::chrono::seconds(1000)};
  RateGate gate(choices.byte());
  AnswerLimiter answers(choices.byte());
  AnnounceSchedule schedule(choices.byte(), now);
  LastSecond answered;
  LastSecond taken;
  LastSecond said;
  while (choices.left()) {
    now += std::chrono::milliseconds(choices.byte() * (choices.below(8) == 0 ? 200 : 1));
    const std::uint32_t times = 1 + choices.byte();
    for (std::uint32_t i = 0; i < times; ++i) {
      const Endpoint source{IpAddress::v4(10, 0, choices.byte(), static_cast<std::uint8_t>(i)), 5000};
      if (gate.admit(source, now)) ASSERT(taken.count(now) <= 2 * kIntakePerSecond);
      if (answers.allow(source, now)) ASSERT(answered.count(now) <= kAnswersPerSecond);
    }
    switch (choices.below(4)) {
      case 0: schedule.on_network_change(now); break;
      case 1: schedule.on_rev_change(now); break;
      case 2: schedule.on_peer_count(choices.byte(), now); break;
      default: break;
    }
    while (schedule.take_due(now)) ASSERT(said.count(now) <= 2 * AnnounceSchedule::kBurstOffsets.size() + 2);
    ASSERT(schedule.next_deadline() > now);
    schedule.check_invariants();
  }
  return 0;
}
