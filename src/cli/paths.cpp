#include "cli/paths.hpp"

#include <filesystem>
#include <system_error>

namespace essaim::cli {

namespace fs = std::filesystem;

std::string absolute_path(const std::string& path, const std::string& working_folder) {
  fs::path whole = fs::path(working_folder) / path;
  while (whole.has_relative_path() && !whole.has_filename()) whole = whole.parent_path();  // "a/" is "a"
  const fs::path name = whole.filename();
  const bool is_name = name != "." && name != "..";
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(is_name ? whole.parent_path() : whole, error);
  if (error) return whole.lexically_normal().string();
  return is_name ? (folder / name).string() : folder.string();
}

std::string absolute_dest(const std::string& dest, const std::string& working_folder) {
  const std::string path = absolute_path(dest, working_folder);
  return dest.ends_with('/') && !path.ends_with('/') ? path + "/" : path;
}

}  // namespace essaim::cli
