#include "node/spdlog_log.hpp"

#include <string>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/text.hpp"

namespace essaim::node {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
  if (text == "debug") return LogLevel::kDebug;
  if (text == "info") return LogLevel::kInfo;
  if (text == "warning") return LogLevel::kWarning;
  if (text == "error") return LogLevel::kError;
  return std::nullopt;
}

SpdlogLog::SpdlogLog(LogLevel threshold)
    : threshold_(threshold),
      logger_(std::make_shared<spdlog::logger>("essaim", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_level(to_spdlog(threshold));
  logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l: %v");
  logger_->flush_on(spdlog::level::debug);
}

void SpdlogLog::write(LogLevel level, std::string_view line) { logger_->log(to_spdlog(level), printable(line)); }

}  // namespace essaim::node
