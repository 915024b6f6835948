// A path that is taken never leaves its folder, is kept as it came, and is reached part by part as well as at once. The
// first line of the input is the path, the rest the target of a symlink there.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/safe_path.hpp"
#include "base/text.hpp"
#include "content/tree_entry.hpp"

using namespace essaim;

namespace {

void check_path(const SafePath& path, std::string_view text) {
  ASSERT(path.text() == text);
  ASSERT(is_utf8(text) && text.size() <= kPathBytesMax && text.front() != '/');
  ASSERT(SafePath::parse(path.text()) == path);

  const std::vector<std::string_view> parts = path.parts();
  ASSERT(parts.size() <= kPathDepthMax && parts.back() == path.name());
  auto walked = SafePath::parse(parts.front());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ASSERT(!parts[i].empty() && parts[i] != "." && parts[i] != ".." && parts[i].size() <= kPathPartBytesMax);
    ASSERT(parts[i].find('/') == std::string_view::npos && parts[i].find('\0') == std::string_view::npos);
    if (i == 0) continue;
    const auto child = walked->child(parts[i]);
    ASSERT(child.has_value() && child->parent_text() == walked->text());
    walked = child;
  }
  ASSERT(walked == path);
}

// Follows the target as a file system does where nothing on its way is a symlink.
void check_target(const SafePath& link, std::string_view target) {
  if (!content::target_stays_inside(link, target)) return;
  ASSERT(!target.empty() && target.front() != '/');
  std::ptrdiff_t depth = static_cast<std::ptrdiff_t>(link.parts().size()) - 1;
  while (true) {
    const std::size_t slash = target.find('/');
    depth += target.substr(0, slash) == ".." ? -1 : 1;
    ASSERT(depth >= 0);
    if (slash == std::string_view::npos) return;
    target.remove_prefix(slash + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = as_text({data, size});
  const std::size_t line_end = input.find('\n');
  const std::string_view text = input.substr(0, line_end);
  const auto path = SafePath::parse(text);
  if (!path) {
    ASSERT(!to_string(path.error()).empty());
    return 0;
  }
  check_path(*path, text);
  if (line_end != std::string_view::npos) check_target(*path, input.substr(line_end + 1));
  return 0;
}
