// The rows of the catalogue's file table, as statements and records. Private to src/storage.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "storage/catalogue_sql.hpp"
#include "storage/file_record.hpp"

namespace essaim::storage {

// In the catalogue '/' is written as U+0001, so that the order of bytes is tree order (catalogue_schema.cpp).
[[nodiscard]] std::string stored_path(std::string_view path);

// "SELECT <the columns that read_file() takes> FROM file " and then `rest`.
[[nodiscard]] std::string select_files(std::string_view rest);
[[nodiscard]] SharedFile read_file(SQLite::Statement& query);
[[nodiscard]] std::vector<SharedFile> read_files(SQLite::Statement& query);
[[nodiscard]] std::vector<FileRecord> read_records(SQLite::Statement& query);

[[nodiscard]] std::int64_t bounded_limit(std::size_t limit);

}  // namespace essaim::storage
