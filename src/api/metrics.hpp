// The node's numbers in Prometheus's text format, version 0.0.4.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace essaim::api {

// Each name gets the prefix "essaim_"; those that end in "_total" are counters, the others gauges.
[[nodiscard]] std::string metrics_text(const std::vector<std::pair<std::string, std::uint64_t>>& metrics);

}  // namespace essaim::api
