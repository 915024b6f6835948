// A text that is taken as a JSON object is UTF-8, is nested no deeper than its limit, and can be written and read
// again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/text.hpp"
#include "wire/json.hpp"
#include "wire/limits.hpp"

using namespace essaim;
using namespace essaim::wire;

namespace {

// Brackets outside of texts, as far as they nest.
std::size_t depth_of(std::string_view json) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (in_text && json[i] == '\\') {
      ++i;
    } else if (json[i] == '"') {
      in_text = !in_text;
    } else if (!in_text && (json[i] == '{' || json[i] == '[')) {
      deepest = std::max(deepest, ++depth);
    } else if (!in_text && (json[i] == '}' || json[i] == ']')) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto object = parse_object(as_text({data, size}));
  if (!object) {
    ASSERT(!to_string(object.error()).empty());
    return 0;
  }
  ASSERT(is_utf8(as_text({data, size})));
  const std::string text = serialize(*object);
  ASSERT(depth_of(text) <= kJsonDepthMax);
  ASSERT(parse_object(text).has_value());
  for (const std::size_t limit : {std::size_t{0}, std::size_t{3}, kNameBytesMax}) {
    const std::string_view cut = clip_text(text, limit);
    ASSERT(cut.size() <= limit && is_utf8(cut));
  }
  ASSERT(is_utf8(std::string(json_text(as_text({data, size})))));
  return 0;
}
