// Paths as a person writes them, and as a node (whose current folder is another) needs them.
#pragma once
#include <string>

namespace essaim::cli {

// Absolute, without "." and ".."; links on the way are resolved where that is needed to take ".." out. What the path
// itself names is not followed, so that a shared link keeps its name.
[[nodiscard]] std::string absolute_path(const std::string& path, const std::string& working_folder);

// The same for a destination. A '/' at its end stays: it says that a folder is meant.
[[nodiscard]] std::string absolute_dest(const std::string& dest, const std::string& working_folder);

}  // namespace essaim::cli
