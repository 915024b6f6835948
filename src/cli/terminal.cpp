#include "cli/terminal.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

namespace essaim::cli {

bool is_terminal(StandardStream stream) {
  return ::isatty(stream == StandardStream::kOutput ? STDOUT_FILENO : STDERR_FILENO) == 1;
}

std::size_t terminal_columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kColumnsDefault;
}

std::optional<int> open_output_pipe() {
  constexpr const char* kPath = "/proc/self/fd/1";
  std::error_code error;
  if (!std::filesystem::is_fifo(kPath, error)) return std::nullopt;
  // Opened anew and not duplicated: whether it blocks belongs to what other programs have too, if they share it.
  const int opened = ::open(kPath, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  return opened < 0 ? std::nullopt : std::optional(opened);
}

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace essaim::cli
