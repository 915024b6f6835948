#include "storage/catalogue.hpp"

#include <array>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/defence.hpp"
#include "storage/catalogue_schema.hpp"
#include "storage/catalogue_sql.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

// Only readers and a migration of another process can be in the way, and only for a moment.
constexpr int kBusyTimeoutMillis = 5000;
constexpr std::string_view kSidecars[] = {"", "-wal", "-shm"};
constexpr unsigned kAsideNumbersMax = 1000;

Result<std::unique_ptr<SQLite::Database>> open_database(const std::string& path, int flags) {
  try {
    return std::make_unique<SQLite::Database>(path, flags, kBusyTimeoutMillis);
  } catch (const SQLite::Exception& exception) {
    return fail(error_of(exception, path));
  }
}

// Read-only, because opening a database for writing may already change its files.
Result<void> check_version(const std::string& path) {
  if (!std::filesystem::exists(path)) return {};
  auto database = open_database(path, SQLite::OPEN_READONLY);
  if (!database) return fail(database.error());
  auto fits = guarded(**database, [&]() -> Result<void> {
    const std::int64_t version = (*database)->execAndGet("PRAGMA user_version").getInt64();
    const auto newest = static_cast<std::int64_t>(catalogue_migrations().size());
    if (defended(Defence::kNewerCatalogue) && version > newest) return fail_kind(Kind::kNewer, path);
    return {};
  });
  // A log without its index (a copy, or a stop at the wrong moment) can only be read after it was written: migrate()
  // looks at the version again.
  if (!fits && fits.error().kind == Kind::kReadOnly) return {};
  return fits;
}

}  // namespace

Catalogue::Catalogue(std::unique_ptr<SQLite::Database> database)
    : database_(std::move(database)),
      shares_(*database_),
      files_(*database_),
      peers_(*database_),
      transfers_(*database_),
      offers_(*database_) {}
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue& Catalogue::operator=(Catalogue&&) noexcept = default;
Catalogue::~Catalogue() = default;

Result<Catalogue> Catalogue::open(const std::string& path) {
  if (auto fits = check_version(path); !fits) return fail(fits.error());
  auto database = open_database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  if (!database) return fail(database.error());
  auto ready = guarded(**database, [&]() -> Result<void> {
    (*database)->exec("PRAGMA journal_mode = WAL");
    (*database)->exec("PRAGMA synchronous = NORMAL");
    (*database)->exec("PRAGMA cache_size = -16384");        // KiB
    (*database)->exec("PRAGMA wal_autocheckpoint = 4096");  // pages
    return migrate(**database, catalogue_migrations());
  });
  if (!ready) return fail(ready.error());
  return Catalogue(std::move(*database));
}

Result<Catalogue> Catalogue::open_read_only(const std::string& path) {
  auto database = open_database(path, SQLite::OPEN_READONLY);
  if (!database) return fail(database.error());
  return Catalogue(std::move(*database));
}

Result<std::optional<std::string>> Catalogue::setting(const std::string& key) {
  return guarded(*database_, [&]() -> Result<std::optional<std::string>> {
    SQLite::Statement query(*database_, "SELECT value FROM setting WHERE key = ?");
    Binder(query).text(key);
    if (!query.executeStep()) return std::nullopt;
    return RowReader(query).text();
  });
}

Result<void> Catalogue::put_setting(const std::string& key, const std::string& value) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Statement put(*database_, "INSERT OR REPLACE INTO setting VALUES (?, ?)");
    Binder(put).text(key).text(value);
    put.exec();
    return {};
  });
}

Result<void> Catalogue::check() {
  return guarded(*database_, [&]() -> Result<void> {
    const std::string answer = database_->execAndGet("PRAGMA quick_check(1)").getString();
    if (answer != "ok") return fail_kind(Kind::kCorrupt, database_->getFilename());
    return {};
  });
}

Result<std::string> move_catalogue_aside(const std::string& path) {
  std::error_code error;
  for (unsigned number = 1; number <= kAsideNumbersMax; ++number) {
    std::string aside = fmt::format("{}.corrupt-{}", path, number);
    if (std::filesystem::exists(aside, error)) continue;
    for (const std::string_view sidecar : kSidecars) {
      std::filesystem::rename(path + std::string(sidecar), aside + std::string(sidecar), error);
      const bool missing = error == std::errc::no_such_file_or_directory;
      if (error && !missing) return fail(storage_error_of(error.value(), path));
    }
    return aside;
  }
  return fail_kind(Kind::kExists, path);
}

}  // namespace essaim::storage
