// The log of a running program: lines on standard error, with time and level.
#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include "base/log.hpp"

namespace spdlog {
class logger;
}

namespace essaim::node {

// "debug", "info", "warning", "error".
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view text);

// Writes what is at least as grave as `threshold`. Every line goes through printable(). Any thread may write.
class SpdlogLog final : public Log {
 public:
  explicit SpdlogLog(LogLevel threshold);

  void write(LogLevel level, std::string_view line) override;
  [[nodiscard]] bool wants(LogLevel level) const override { return level >= threshold_; }

 private:
  LogLevel threshold_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace essaim::node
