#include "cli/browser_start.hpp"

#include <array>
#include <spawn.h>
#include <unistd.h>

namespace essaim::cli {

// The browser may write to the terminal whatever it likes to say, but not into what this program answers.
bool start_browser(const std::string& url) {
  std::string program = "xdg-open";
  std::string address = url;
  const std::array<char*, 3> words{program.data(), address.data(), nullptr};
  ::posix_spawn_file_actions_t files;
  if (::posix_spawn_file_actions_init(&files) != 0) return false;
  ::posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  ::pid_t child = 0;
  const int error = ::posix_spawnp(&child, program.c_str(), &files, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  return error == 0;
}

}  // namespace essaim::cli
