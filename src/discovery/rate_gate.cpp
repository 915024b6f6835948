#include "discovery/rate_gate.hpp"

#include <algorithm>
#include <chrono>

#include "base/defence.hpp"

namespace essaim::discovery {
namespace {

struct Rate {
  Duration step;  // one more after so long
  int burst;
};
constexpr Rate kPerSource{Duration(std::chrono::seconds(1)) / kIntakePerSourcePerSecond, kIntakePerSourceBurst};
constexpr Rate kInAll{Duration(std::chrono::seconds(1)) / kIntakePerSecond, kIntakePerSecond};

bool has_room(Instant full_again, const Rate& rate, Instant now) {
  return full_again <= now || full_again - now <= rate.step * (rate.burst - 1);
}

void charge(Instant& full_again, const Rate& rate, Instant now) { full_again = std::max(full_again, now) + rate.step; }

}  // namespace

bool RateGate::admit(const Endpoint& source, Instant now) {
  Instant& of_source = sources_[slots_.slot_of(source)];
  if (defended(Defence::kDatagramRatePerSource) && !has_room(of_source, kPerSource, now)) return false;
  if (defended(Defence::kDatagramRate) && !has_room(all_, kInAll, now)) return false;
  charge(of_source, kPerSource, now);
  charge(all_, kInAll, now);
  return true;
}

}  // namespace essaim::discovery
