#include "storage/part_file.hpp"

#include <cstring>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include "base/assert.hpp"
#include "storage/part_name.hpp"
#include "storage/publish.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

// All bytes are zero when the first is and each equals the next; memcmp() compares many at once.
bool is_zero(ByteView bytes) {
  return bytes.empty() || (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

PartFile::PartFile(Directory folder, Target target, SafePath part_name, FileHandle file)
    : folder_(std::move(folder)),
      target_(std::move(target)),
      part_name_(std::move(part_name)),
      file_(std::move(file)),
      sync_failed_(std::make_unique<std::atomic<bool>>(false)) {}

Result<PartFile> PartFile::create(Directory folder, Target target) {
  for (unsigned attempt = 1; attempt <= kClashNamesMax; ++attempt) {
    SafePath part_name = part_name_of(target.name, attempt);
    auto file = folder.create_file(part_name);
    if (!file && file.error().kind == Kind::kExists) continue;
    if (!file) return fail(file.error());
    if (auto sized = file->set_size(target.size); !sized) {
      (void)folder.remove(part_name);
      sized.error().path = target.name.text();
      return fail(sized.error());
    }
    return PartFile(std::move(folder), std::move(target), std::move(part_name), std::move(*file));
  }
  return fail_kind(Kind::kExists, target.name.text());
}

Result<PartFile> PartFile::resume(Directory folder, Target target, const SafePath& part_name) {
  auto opened = folder.open_file_for_write(part_name);
  if (!opened) return fail(opened.error());
  if (opened->stat.size != target.size) return fail_kind(Kind::kChanged, part_name.text());
  return PartFile(std::move(folder), std::move(target), part_name, std::move(opened->handle));
}

Result<void> PartFile::check_usable() const {
  if (sync_failed_->load(std::memory_order_relaxed)) return fail_kind(Kind::kIo, part_name_.text());
  return {};
}

Result<void> PartFile::remember(Result<void> synced) {
  if (!synced) {
    sync_failed_->store(true, std::memory_order_relaxed);
    synced.error().path = part_name_.text();
  }
  return synced;
}

Result<void> PartFile::write_chunk_at(std::uint64_t offset, ByteView chunk) const {
  ASSERT(offset <= target_.size && chunk.size() <= target_.size - offset);
  if (auto usable = check_usable(); !usable) return usable;
  auto done = is_zero(chunk) ? file_.write_zeros_at(offset, chunk.size()) : file_.write_all_at(offset, chunk);
  if (!done) done.error().path = part_name_.text();
  return done;
}

Result<void> PartFile::read_at(std::uint64_t offset, MutableByteView into) const {
  auto done = file_.read_exactly_at(offset, into);
  if (!done) done.error().path = part_name_.text();
  return done;
}

Result<bool> PartFile::clone_from(const ServedFile& file) const {
  if (auto usable = check_usable(); !usable) return fail(usable.error());
  if (file.size() != target_.size) return false;
  return ::ioctl(file_.fd(), FICLONE, file.handle().fd()) == 0;
}

Result<void> PartFile::checkpoint() {
  if (auto usable = check_usable(); !usable) return usable;
  return remember(file_.data_sync());
}

Result<std::string> PartFile::finish(const FinalMeta& meta) {
  if (auto usable = check_usable(); !usable) return fail(usable.error());
  const unsigned mode = (meta.executable ? 0777U : 0666U) & ~process_umask();
  auto done = file_.set_mtime(meta.mtime);
  if (done) done = file_.set_mode(mode);
  if (!done) return fail(done.error());
  if (auto synced = remember(file_.sync()); !synced) return fail(synced.error());
  return publish(folder_, {.from = part_name_, .wanted = target_.name});
}

Result<void> PartFile::discard() { return folder_.remove(part_name_); }

}  // namespace essaim::storage
