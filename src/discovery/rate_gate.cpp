#include "discovery/rate_gate.hpp"

#include <algorithm>
#include <chrono>

namespace essaim::discovery {
namespace {

struct Rate {
  Duration step;  // one more after so long
  int burst;
};
constexpr Rate kPerSource{Duration(std::chrono::seconds(1)) / kIntakePerSourcePerSecond, kIntakePerSourceBurst};
constexpr Rate kInAll{Duration(std::chrono::seconds(1)) / kIntakePerSecond, kIntakePerSecond};

bool take(Instant& full_again, const Rate& rate, Instant now) {
  const Instant from = std::max(full_again, now);
  if (from - now > rate.step * (rate.burst - 1)) return false;
  full_again = from + rate.step;
  return true;
}

}  // namespace

bool RateGate::admit(const Endpoint& source, Instant now) {
  return take(sources_[slots_.slot_of(source)], kPerSource, now) && take(all_, kInAll, now);
}

}  // namespace essaim::discovery
