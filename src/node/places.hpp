// Where things are kept when nobody says otherwise.
#pragma once
#include <functional>
#include <optional>
#include <string>

namespace essaim::node {

// Answers the value of an environment variable; nothing where it is not set or empty.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] Environment process_environment();

// Absolute: `chosen` (from the command line; taken against the current folder), else $ESSAIM_HOME, else the XDG data
// folder. Nothing where the environment names no home at all.
[[nodiscard]] std::optional<std::string> home_folder(const std::optional<std::string>& chosen, const Environment& env);

// Absolute: the XDG download folder ($XDG_DOWNLOAD_DIR, else what user-dirs.dirs names, else ~/Downloads); where there
// is no user's home, the current folder.
[[nodiscard]] std::string download_folder(const Environment& env);

}  // namespace essaim::node
