#include "storage/tree_store.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "content/content_id.hpp"
#include "content/tree_entry.hpp"
#include "storage/durable_file.hpp"

namespace essaim::storage {
namespace {

SafePath name_of(const ContentId& id) {
  auto name = SafePath::parse(content::content_id_text(id));
  ASSERT(name.has_value());
  return std::move(*name);
}

}  // namespace

Result<void> TreeStore::put(const ContentId& id, ByteView document) {
  const SafePath name = name_of(id);
  if (trees_->stat_entry(name)) return {};
  return write_durably(*trees_, {.name = name, .bytes = document});
}

Result<OpenedFile> TreeStore::open(const ContentId& id) const { return trees_->open_file_for_read(name_of(id)); }

Result<Bytes> TreeStore::read(const ContentId& id) const {
  const auto file = open(id);
  if (!file) return fail(file.error());
  return read_whole(*file, content::kTreeBytesMax);
}

Result<void> TreeStore::remove(const ContentId& id) { return trees_->remove(name_of(id)); }

Result<std::vector<ContentId>> TreeStore::all() const {
  const auto entries = trees_->list();
  if (!entries) return fail(entries.error());
  std::vector<ContentId> ids;
  for (const DirectoryEntry& entry : *entries) {
    if (const auto id = content::parse_content_id(entry.name)) ids.push_back(*id);
  }
  std::ranges::sort(ids);
  return ids;
}

}  // namespace essaim::storage
