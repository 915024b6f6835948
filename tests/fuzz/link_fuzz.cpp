// A link that is taken has a name that is safe as a file's, and survives being written and read again.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/safe_path.hpp"
#include "content/link.hpp"

using namespace essaim;
using namespace essaim::content;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto link = parse_link(as_text({data, size}));
  if (!link) {
    ASSERT(!to_string(link.error()).empty());
    return 0;
  }
  if (!link->name.empty()) {
    const auto path = SafePath::parse(link->name);
    ASSERT(path.has_value() && path->parts().size() == 1);
  }
  const std::string text = format_link(*link);
  ASSERT(text.size() <= kLinkBytesMax);
  ASSERT(parse_link(text) == *link);
  ASSERT(format_link(*parse_link(text)) == text);
  return 0;
}
