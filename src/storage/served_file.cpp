#include "storage/served_file.hpp"

#include "base/defence.hpp"

namespace essaim::storage {

using Kind = StorageError::Kind;

Result<ServedFile> ServedFile::open(const ShareRoot& root, std::string_view path, const Fingerprint& known) {
  const auto located = root.locate(path);
  if (!located) return fail(located.error());
  auto opened = root.directory().open_file_for_read(*located);
  if (!opened) return fail(opened.error());
  if (opened->stat.fingerprint() != known) return fail_kind(Kind::kChanged, path);
  return ServedFile(std::move(*opened));
}

Result<void> ServedFile::read_at(std::uint64_t offset, MutableByteView into) const {
  if (auto read = file_.handle.read_exactly_at(offset, into); !read) return read;
  return still_same();
}

Result<void> ServedFile::still_same() const {
  const auto now = file_.handle.stat_of();
  if (!now) return fail(now.error());
  if (defended(Defence::kFileUnchanged) && now->fingerprint() != file_.stat.fingerprint())
    return fail_kind(Kind::kChanged, "");
  return {};
}

std::shared_ptr<const ServedFile> ServedFiles::find(const ContentId& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  held_.splice(held_.begin(), held_, found->second);
  return held_.front().file;
}

void ServedFiles::put(const ContentId& id, std::shared_ptr<const ServedFile> file) {
  forget(id);
  held_.push_front({.id = id, .file = std::move(file)});
  by_id_.emplace(id, held_.begin());
  if (held_.size() > open_max_) forget(ContentId(held_.back().id));
}

void ServedFiles::forget(const ContentId& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  held_.erase(found->second);
  by_id_.erase(found);
}

void ServedFiles::clear() {
  by_id_.clear();
  held_.clear();
}

}  // namespace essaim::storage
