#include "storage/existing.hpp"

namespace essaim::storage {

Result<bool> has_content(const Directory& folder, const SafePath& path, const WantedContent& wanted,
                         const HashControl& control) {
  using Kind = StorageError::Kind;
  const auto opened = folder.open_file_for_read(path);
  if (!opened) {
    const Kind kind = opened.error().kind;
    const bool something_else =
        kind == Kind::kNotFound || kind == Kind::kNotRegular || kind == Kind::kNotDirectory || kind == Kind::kOutside;
    if (something_else) return false;
    return fail(opened.error());
  }
  if (opened->stat.size != wanted.size) return false;
  HashBuffer buffer;
  const auto hashed = hash_content(*opened, buffer, control);
  if (!hashed) return fail(hashed.error());
  return hashed->id == wanted.id;
}

}  // namespace essaim::storage
