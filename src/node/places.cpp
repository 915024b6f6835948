#include "node/places.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "storage/home.hpp"

namespace essaim::node {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kUserDirsLinesMax = 1000;

// Without a '/' at its end, unless it is the root.
std::string absolute(const std::string& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return whole.has_filename() ? whole.string() : whole.parent_path().string();
}

// The value of XDG_DOWNLOAD_DIR="$HOME/…" in user-dirs.dirs (xdg-user-dirs); nothing where it has none.
std::optional<std::string> from_user_dirs(const fs::path& file, const std::string& user_home) {
  constexpr std::string_view kBefore = "XDG_DOWNLOAD_DIR=\"";
  constexpr std::string_view kHome = "$HOME";
  std::ifstream lines(file);
  std::string line;
  for (std::size_t i = 0; i < kUserDirsLinesMax && std::getline(lines, line); ++i) {
    if (!line.starts_with(kBefore) || !line.ends_with('"')) continue;
    std::string value = line.substr(kBefore.size(), line.size() - kBefore.size() - 1);
    if (value.starts_with(kHome)) value.replace(0, kHome.size(), user_home);
    if (value.starts_with('/')) return value;
  }
  return std::nullopt;
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
  };
}

std::optional<std::string> home_folder(const std::optional<std::string>& chosen, const Environment& env) {
  storage::HomeHints hints;
  hints.chosen = chosen.value_or("");
  hints.essaim_home = env("ESSAIM_HOME").value_or("");
  hints.xdg_data_home = env("XDG_DATA_HOME").value_or("");
  hints.user_home = env("HOME").value_or("");
  const std::string home = storage::resolve_home(hints);
  return home.empty() ? std::nullopt : std::optional(absolute(home));
}

std::string download_folder(const Environment& env) {
  if (const auto chosen = env("XDG_DOWNLOAD_DIR"); chosen && chosen->starts_with('/')) return absolute(*chosen);
  const std::optional<std::string> user_home = env("HOME");
  if (!user_home) return fs::current_path().string();
  const fs::path config = env("XDG_CONFIG_HOME").value_or(*user_home + "/.config");
  return absolute(from_user_dirs(config / "user-dirs.dirs", *user_home).value_or(*user_home + "/Downloads"));
}

}  // namespace essaim::node
