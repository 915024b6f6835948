// What the catalogue knows about the files of a share.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "storage/file_stat.hpp"

namespace essaim::storage {

enum class ShareId : std::int64_t {};

// No answer about records is longer than this, whatever limit is asked for.
inline constexpr std::size_t kRecordsPerAnswerMax = 10'000;

// One file, folder or link of a share. Fields that its kind does not use stay as they are made here.
struct FileRecord {
  std::string path;  // relative, '/'-separated; "" for the file of a single-file share
  FileKind kind = FileKind::kFile;
  std::uint64_t size = 0;  // bytes; of a folder, of all files below it
  UnixNanos mtime{};
  std::uint64_t inode = 0;
  bool executable = false;
  std::string link_target;
  std::optional<ContentId> content_id;  // nothing until the file is hashed
  std::optional<Sha256> sha256;

  [[nodiscard]] Fingerprint fingerprint() const { return {size, mtime, inode}; }
  friend bool operator==(const FileRecord&, const FileRecord&) = default;
};

// A record, and the share it is of.
struct SharedFile {
  ShareId share{};
  FileRecord record;
};

// A record together with the leaves of its content; none when it has no content id.
struct IndexedFile {
  FileRecord record;
  std::vector<Leaf> leaves;
};

struct Sha256Found {
  std::string path;
  Fingerprint of;  // of the file as it was hashed
  Sha256 hash;
};

// What one step of indexing found out about one share.
struct FileChanges {
  ShareId share{};
  std::vector<std::string> removed;  // paths
  std::vector<IndexedFile> upserts;  // replace what is known under the same path, its SHA-256 included
  std::vector<Sha256Found> sha256;   // each kept only where the file is known with that fingerprint

  [[nodiscard]] bool empty() const { return removed.empty() && upserts.empty() && sha256.empty(); }
};

}  // namespace essaim::storage
