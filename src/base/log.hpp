// The log, as what the program needs of one. Passed to who logs; never a global.
#pragma once
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace essaim {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Takes whole lines. An implementation passes them through printable() (base/text.hpp), so one event is one line
// whatever a peer put into its name. May be called from any thread.
class Log {
 public:
  Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  virtual ~Log() = default;

  virtual void write(LogLevel level, std::string_view line) = 0;
  [[nodiscard]] virtual bool wants(LogLevel level) const = 0;

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) {
    format_line(LogLevel::kDebug, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) {
    format_line(LogLevel::kInfo, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) {
    format_line(LogLevel::kWarning, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) {
    format_line(LogLevel::kError, format, std::forward<Args>(args)...);
  }

 private:
  template <class... Args>
  void format_line(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
    if (wants(level)) write(level, fmt::format(format, std::forward<Args>(args)...));
  }
};

// A log that drops everything.
class NullLog final : public Log {
 public:
  void write(LogLevel /*level*/, std::string_view /*line*/) override {}
  [[nodiscard]] bool wants(LogLevel /*level*/) const override { return false; }
};

}  // namespace essaim
