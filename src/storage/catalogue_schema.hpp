// The catalogue's form on disk, and how an older form becomes the newest.
#pragma once
#include <span>
#include <string_view>

#include "storage/storage_error.hpp"

namespace SQLite {
class Database;
}

namespace essaim::storage {

// migrations[n] takes a database of version n (0: empty) to version n + 1. The version is in PRAGMA user_version.
[[nodiscard]] std::span<const std::string_view> catalogue_migrations();

// Runs what is missing, all in one transaction: afterwards the database is new or as it was. Before the first step of a
// database that holds data, a copy of it is kept beside it as `<path>.v<version>`. kNewer where the version is above
// the last, with nothing changed.
[[nodiscard]] Result<void> migrate(SQLite::Database& database, std::span<const std::string_view> migrations);

}  // namespace essaim::storage
