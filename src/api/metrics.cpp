#include "api/metrics.hpp"

#include <iterator>

#include <fmt/format.h>

namespace essaim::api {

std::string metrics_text(const std::vector<std::pair<std::string, std::uint64_t>>& metrics) {
  std::string text;
  for (const auto& [name, value] : metrics) {
    const char* type = name.ends_with("_total") ? "counter" : "gauge";
    fmt::format_to(std::back_inserter(text), "# TYPE essaim_{0} {1}\nessaim_{0} {2}\n", name, type, value);
  }
  return text;
}

}  // namespace essaim::api
