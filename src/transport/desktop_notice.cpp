#include "transport/desktop_notice.hpp"

#include <array>
#include <cstdlib>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "base/text.hpp"

namespace essaim::transport {
namespace {

// The text of a notice may hold markup (Desktop Notifications Specification, "Markup"); a peer's words shall not.
std::string without_markup(const std::string& text) {
  std::string plain;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': plain += "&amp;"; break;
      case '<': plain += "&lt;"; break;
      case '>': plain += "&gt;"; break;
      default: plain += c;
    }
  }
  return plain;
}

}  // namespace

void show_on_desktop(const DesktopNotice& notice) {
  if (std::getenv("DBUS_SESSION_BUS_ADDRESS") == nullptr) return;
  std::string program = "notify-send";
  std::string name = "--app-name=Essaim";
  std::string end_of_options = "--";
  std::string title = printable(notice.title);
  std::string text = without_markup(notice.text);
  const std::array<char*, 6> words{program.data(), name.data(), end_of_options.data(),
                                   title.data(),   text.data(), nullptr};
  // It gets standard input and output, and none of our sockets and files.
  posix_spawn_file_actions_t actions;
  if (::posix_spawn_file_actions_init(&actions) != 0) return;
  pid_t child = 0;
  const bool spawned = ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1) == 0 &&
                       ::posix_spawnp(&child, program.c_str(), &actions, nullptr, words.data(), environ) == 0;
  ::posix_spawn_file_actions_destroy(&actions);
  if (!spawned) return;
  std::thread([child] { ::waitpid(child, nullptr, 0); }).detach();
}

}  // namespace essaim::transport
