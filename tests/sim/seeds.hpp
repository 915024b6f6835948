// How many random runs a test makes.
#pragma once
#include <cstdint>
#include <cstdlib>

namespace essaim::sim {

// The environment's word for it. The runs are those of the seeds from 1 on.
inline constexpr const char* kSeedsVariable = "ESSAIM_SIM_SEEDS";
inline constexpr std::uint64_t kSeedsUnasked = 1000;

[[nodiscard]] inline std::uint64_t seeds_wanted() {
  const char* wanted = std::getenv(kSeedsVariable);
  return wanted == nullptr ? kSeedsUnasked : std::strtoull(wanted, nullptr, 10);
}

}  // namespace essaim::sim
