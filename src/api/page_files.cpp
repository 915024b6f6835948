#include "api/page_files.hpp"

#include <algorithm>

namespace essaim::api {

const PageFile* find_page_file(std::string_view target) {
  std::string_view path = target.substr(0, target.find('?'));
  if (!path.starts_with('/')) return nullptr;
  path.remove_prefix(1);
  if (path.empty()) path = "index.html";
  const auto files = page_files();
  const auto found = std::ranges::lower_bound(files, path, {}, &PageFile::path);
  return found == files.end() || found->path != path ? nullptr : &*found;
}

}  // namespace essaim::api
