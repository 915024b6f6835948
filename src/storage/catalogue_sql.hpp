// What the catalogue's tables share: the way in and out of SQLite. Private to src/storage.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

[[nodiscard]] StorageError error_of(const SQLite::Exception& exception, const std::string& path);

// Runs `work`, which answers a Result, and turns what SQLiteCpp throws into a value: its exceptions end here.
template <class Work>
[[nodiscard]] auto guarded(const SQLite::Database& database, Work&& work) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const SQLite::Exception& exception) {
    return fail(error_of(exception, database.getFilename()));
  }
}

// Binds values to a statement's parameters, from the first on.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement) : statement_(statement) {}

  Binder& integer(std::int64_t value) { return statement_.bind(++at_, value), *this; }
  // Sizes and inode numbers, as the same 64 bits.
  Binder& number(std::uint64_t value) { return integer(static_cast<std::int64_t>(value)); }
  template <class Enum>
  Binder& value_of(Enum value) {
    return integer(static_cast<std::int64_t>(value));
  }
  Binder& text(const std::string& value) { return statement_.bind(++at_, value), *this; }
  // The bytes must outlive the statement's run.
  Binder& blob(ByteView bytes);
  template <class Tag>
  Binder& digest(const std::optional<Digest<Tag>>& value) {
    return value ? blob(value->view()) : null();
  }
  Binder& null() { return statement_.bind(++at_), *this; }

 private:
  SQLite::Statement& statement_;
  int at_ = 0;
};

// Reads the columns of a statement's row, from the first on.
class RowReader {
 public:
  explicit RowReader(SQLite::Statement& statement) : statement_(statement) {}

  std::int64_t integer() { return statement_.getColumn(at_++).getInt64(); }
  std::uint64_t number() { return static_cast<std::uint64_t>(integer()); }
  template <class Enum>
  Enum value_of() {
    return static_cast<Enum>(integer());
  }
  std::string text() { return statement_.getColumn(at_++).getString(); }
  // Valid until the statement's next step.
  ByteView blob();
  // Nothing for NULL, and for a blob that is no digest.
  template <class DigestType>
  std::optional<DigestType> digest() {
    return DigestType::from(blob());
  }

 private:
  SQLite::Statement& statement_;
  int at_ = 0;
};

}  // namespace essaim::storage
