// Keeps tree documents (content/tree.hpp) as files named by their content id: those of our shares, which are served
// like any file, and those of downloads that may have to go on after a restart.
#pragma once
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "storage/directory.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

class TreeStore {
 public:
  // `trees` (Home::trees) must outlive the store.
  explicit TreeStore(const Directory& trees) : trees_(&trees) {}

  // Durable when it returns. The caller has checked that the document has this id. Nothing is done where it is kept
  // already.
  [[nodiscard]] Result<void> put(const ContentId& id, ByteView document);
  [[nodiscard]] Result<OpenedFile> open(const ContentId& id) const;
  // All of it; kTooLarge beyond content::kTreeBytesMax. Who acts on it checks it against the id again.
  [[nodiscard]] Result<Bytes> read(const ContentId& id) const;
  [[nodiscard]] Result<void> remove(const ContentId& id);
  // Ids of all that is kept, sorted.
  [[nodiscard]] Result<std::vector<ContentId>> all() const;

 private:
  const Directory* trees_;
};

}  // namespace essaim::storage
