#include "storage/share_root.hpp"

#include <filesystem>
#include <system_error>

namespace essaim::storage {

using Kind = StorageError::Kind;

Result<ShareRoot> ShareRoot::open(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  if (error) return fail(storage_error_of(error.value(), path));
  auto folder = Directory::open(real.string());
  if (folder) return ShareRoot(std::move(*folder), std::nullopt);
  if (folder.error().kind != Kind::kNotDirectory) return fail(folder.error());

  auto parent = Directory::open(real.parent_path().string());
  if (!parent) return fail(parent.error());
  auto name = SafePath::parse(real.filename().string());
  if (!name) return fail_kind(Kind::kNotFound, path);
  const auto stat = parent->stat_entry(*name);
  if (!stat) return fail(stat.error());
  if (stat->kind != FileKind::kFile) return fail_kind(Kind::kNotRegular, path);
  return ShareRoot(std::move(*parent), std::move(*name));
}

Result<SafePath> ShareRoot::locate(std::string_view path) const {
  if (file_ && path.empty()) return *file_;
  auto parsed = SafePath::parse(path);
  if (file_ || !parsed) return fail_kind(Kind::kNotFound, path);
  return std::move(*parsed);
}

}  // namespace essaim::storage
