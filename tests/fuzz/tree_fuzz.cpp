// A document that is taken is the one document of its entries, and its symlinks stay inside.
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/assert.hpp"
#include "content/tree.hpp"

using namespace essaim;
using namespace essaim::content;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView document(data, size);
  const auto entries = parse_tree(document);
  if (!entries) {
    ASSERT(entries.error().line >= 1 && entries.error().line <= size + 1);
    ASSERT(!to_string(entries.error()).empty());
    return 0;
  }
  TreeBuilder builder;
  for (const TreeEntry& entry : *entries) {
    ASSERT(builder.add(entry).has_value());
    ASSERT(entry.kind != EntryKind::kSymlink || target_stays_inside(entry.path, entry.target));
  }
  ASSERT(builder.entries() == entries->size());
  ASSERT(std::move(builder).take() == as_text(document));
  return 0;
}
