// A shared file opened to be sent: it gives the bytes that were hashed, or says that it changed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "storage/content_reader.hpp"
#include "storage/file_handle.hpp"
#include "storage/file_stat.hpp"
#include "storage/share_root.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// Immutable; may be read from several threads at once.
class ServedFile final : public ContentReader {
 public:
  // kChanged unless the file's fingerprint is `known`, the one that was hashed; kNotRegular for anything but a file.
  [[nodiscard]] static Result<ServedFile> open(const ShareRoot& root, std::string_view path, const Fingerprint& known);
  // For bytes that are no share's, such as a tree document.
  explicit ServedFile(OpenedFile file) : file_(std::move(file)) {}

  [[nodiscard]] std::uint64_t size() const { return file_.stat.size; }
  // All of `into`, or kChanged: the file is looked at again after the read, so a file that is written meanwhile gives
  // no mixture of old and new. (A writer that puts size and times back escapes this; the receiver's hash catches it.)
  [[nodiscard]] Result<void> read_at(std::uint64_t offset, MutableByteView into) const override;
  [[nodiscard]] Result<void> still_same() const;
  [[nodiscard]] const FileHandle& handle() const { return file_.handle; }

 private:
  OpenedFile file_;
};

inline constexpr std::size_t kServedFilesOpenMax = 128;

// Keeps the files served last open. Used by one thread; what it hands out lives as long as anyone holds it.
class ServedFiles {
 public:
  explicit ServedFiles(std::size_t open_max = kServedFilesOpenMax) : open_max_(open_max) {}

  // Nothing when it is not held.
  [[nodiscard]] std::shared_ptr<const ServedFile> find(const ContentId& id);
  // The one used longest ago is let go of where there are too many.
  void put(const ContentId& id, std::shared_ptr<const ServedFile> file);
  // A file that changed, or whose share is gone.
  void forget(const ContentId& id);
  void clear();
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }

 private:
  struct Held {
    ContentId id;
    std::shared_ptr<const ServedFile> file;
  };
  std::size_t open_max_;
  std::list<Held> held_;  // the latest used first
  std::unordered_map<ContentId, std::list<Held>::iterator> by_id_;
};

}  // namespace essaim::storage
