#include "cli/terminal.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/ioctl.h>
#include <system_error>
#include <termios.h>
#include <unistd.h>

namespace essaim::cli {
namespace {

// The process's terminal, which shows nothing of what is typed as long as this lives.
class QuietTerminal {
 public:
  QuietTerminal() : fd_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (fd_ < 0) return;
    known_ = ::tcgetattr(fd_, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
    known_ = known_ && ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (known_) {
      write("\n");
      static_cast<void>(::tcsetattr(fd_, TCSAFLUSH, &before_));
    }
    if (fd_ >= 0) static_cast<void>(::close(fd_));
  }

  [[nodiscard]] bool is_open() const { return known_; }
  void write(std::string_view text) const { static_cast<void>(::write(fd_, text.data(), text.size())); }
  // Waited for with poll(), which a signal always ends; a read would begin anew.
  [[nodiscard]] std::optional<char> read() const {
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    char letter = 0;
    if (::poll(&ready, 1, -1) != 1 || ::read(fd_, &letter, 1) != 1) return std::nullopt;
    return letter;
  }

 private:
  int fd_;
  bool known_ = false;
  termios before_{};
};

}  // namespace

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

std::optional<std::string> ask_secret(std::string_view prompt) {
  const QuietTerminal terminal;
  if (!terminal.is_open()) return std::nullopt;
  terminal.write(prompt);
  std::string line;
  while (true) {
    const auto letter = terminal.read();
    if (!letter || line.size() > kSecretBytesMax) return std::nullopt;
    if (*letter == '\n') return line;
    line += *letter;
  }
}

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace essaim::cli
