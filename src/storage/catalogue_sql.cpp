#include "storage/catalogue_sql.hpp"

#include <cerrno>

#include <sqlite3.h>

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

Kind kind_of(int code) {
  switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Kind::kCorrupt;
    case SQLITE_FULL: return Kind::kDiskFull;
    case SQLITE_READONLY: return Kind::kReadOnly;
    case SQLITE_PERM:
    case SQLITE_AUTH: return Kind::kPermission;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Kind::kLocked;
    case SQLITE_CONSTRAINT: return Kind::kExists;
    case SQLITE_CANTOPEN: return Kind::kNotFound;
    // A table or column that should be there is not: no schema of ours.
    case SQLITE_ERROR: return Kind::kCorrupt;
    default: return Kind::kIo;
  }
}

}  // namespace

StorageError error_of(const SQLite::Exception& exception, const std::string& path) {
  const int primary = exception.getErrorCode() & 0xFF;
  return {.kind = kind_of(primary), .errno_value = 0, .path = path, .holder_pid = 0};
}

Binder& Binder::blob(ByteView bytes) {
  // Of no bytes, but not NULL: SQLite takes a null pointer for NULL.
  static constexpr std::uint8_t kNothing = 0;
  const void* const data = bytes.empty() ? &kNothing : bytes.data();
  statement_.bindNoCopy(++at_, data, static_cast<int>(bytes.size()));
  return *this;
}

ByteView RowReader::blob() {
  const SQLite::Column column = statement_.getColumn(at_++);
  const auto* const data = static_cast<const std::uint8_t*>(column.getBlob());
  return {data, static_cast<std::size_t>(column.getBytes())};
}

}  // namespace essaim::storage
