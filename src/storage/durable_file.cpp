#include "storage/durable_file.hpp"

#include <string>
#include <sys/stat.h>

#include "base/assert.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

Result<void> write_and_sync(const Directory& folder, const SafePath& name, const DurableFile& file) {
  const auto created = folder.create_file(name, file.mode);
  if (!created) return fail(created.error());
  auto done = created->write_all_at(0, file.bytes);
  if (done) done = created->sync();
  if (!done) done.error().path = name.text();
  return done;
}

}  // namespace

Result<void> write_durably(const Directory& folder, const DurableFile& file) {
  const auto temporary = SafePath::parse(file.name.text() + ".new");
  ASSERT(temporary.has_value());
  const auto removed = folder.remove(*temporary);
  if (!removed && removed.error().kind != Kind::kNotFound) return removed;
  auto done = write_and_sync(folder, *temporary, file);
  if (done) {
    const Directory::Rename names{.from = *temporary, .to = file.name};
    done = file.clash == DurableFile::Clash::kReplace ? folder.rename_over(names) : folder.rename_no_replace(names);
  }
  if (done) return folder.sync();
  (void)folder.remove(*temporary);
  return done;
}

Result<Bytes> read_whole(const OpenedFile& file, std::uint64_t bytes_max) {
  if (file.stat.size > bytes_max) return fail_kind(Kind::kTooLarge, "");
  Bytes bytes(file.stat.size);
  const auto done = file.handle.read_exactly_at(0, bytes);
  if (!done) return fail(done.error());
  return bytes;
}

bool is_private(const OpenedFile& file) {
  constexpr unsigned kOthersBits = S_IRWXG | S_IRWXO;
  struct ::stat raw{};
  return ::fstat(file.handle.fd(), &raw) == 0 && (raw.st_mode & kOthersBits) == 0;
}

}  // namespace essaim::storage
