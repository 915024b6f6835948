// How many random runs a test makes.
#pragma once
#include <cstdint>
#include <cstdlib>

namespace essaim::sim {

// The environment's word for it. The runs are those of the seeds from the first on.
inline constexpr const char* kSeedsVariable = "ESSAIM_SIM_SEEDS";
inline constexpr const char* kFirstSeedVariable = "ESSAIM_SIM_FIRST_SEED";
inline constexpr std::uint64_t kSeedsUnasked = 1000;

[[nodiscard]] inline std::uint64_t number_in(const char* variable, std::uint64_t unasked) {
  const char* wanted = std::getenv(variable);
  return wanted == nullptr ? unasked : std::strtoull(wanted, nullptr, 10);
}

[[nodiscard]] inline std::uint64_t seeds_wanted() { return number_in(kSeedsVariable, kSeedsUnasked); }
[[nodiscard]] inline std::uint64_t first_seed() { return number_in(kFirstSeedVariable, 1); }

}  // namespace essaim::sim
