// The catalogue's table of transfers: what is needed to go on after a stop of any kind.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "storage/storage_error.hpp"

namespace SQLite {
class Database;
}

namespace essaim::storage {

enum class TransferId : std::int64_t {};

enum class TransferKind : std::uint8_t { kDownload, kPushOut, kPushIn };

enum class TransferState : std::uint8_t { kWaiting, kRunning, kPaused, kDone, kFailed, kCancelled, kDeclined };
[[nodiscard]] std::string_view to_string(TransferState state);

struct TransferRecord {
  TransferId id{};  // given by add()
  TransferKind kind = TransferKind::kDownload;
  TransferState state = TransferState::kWaiting;
  std::string link;                    // what: content/link.hpp
  std::string name;                    // the name wanted at the destination
  std::string destination;             // absolute path of the folder that it goes into
  std::string part_name;               // of the part file or staging folder in it; "" until there is one
  std::string result_name;             // once done: the name it got
  std::string peer;                    // a push's other side; "" for a download
  std::string note;                    // why it failed, for people
  std::string subfolder;               // of the folder that the link names: only what is below it; "" for all
  std::int64_t turn = 0;               // of those that wait, the one with the least is next; of equals, the oldest
  std::uint64_t bytes_per_second = 0;  // its limit; 0 for none
  std::uint64_t total_bytes = 0;
  std::uint64_t done_bytes = 0;
  UnixNanos created{};
  UnixNanos updated{};

  friend bool operator==(const TransferRecord&, const TransferRecord&) = default;
};

// Part of a Catalogue (storage/catalogue.hpp), with its thread rule. What add(), update() and save_progress() have
// answered for survives a loss of power (synchronous=FULL).
class TransferTable {
 public:
  explicit TransferTable(SQLite::Database& database) : database_(&database) {}

  [[nodiscard]] Result<TransferId> add(const TransferRecord& transfer);
  // Everything but the id, the time of creation and the progress.
  [[nodiscard]] Result<void> update(const TransferRecord& transfer);
  [[nodiscard]] Result<void> remove(TransferId id);

  struct Progress {
    Bytes bitmap;  // the caller's form: a hint for after a clean stop, chunks to hash again after any other
    std::uint64_t done_bytes = 0;
    UnixNanos updated{};
  };
  // Only after the data it speaks of was synced.
  [[nodiscard]] Result<void> save_progress(TransferId id, const Progress& progress);
  // Empty when none was saved.
  [[nodiscard]] Result<Bytes> progress_of(TransferId id) const;

  [[nodiscard]] Result<std::optional<TransferRecord>> find(TransferId id) const;
  [[nodiscard]] Result<std::vector<TransferRecord>> all() const;  // by id

 private:
  SQLite::Database* database_;
};

}  // namespace essaim::storage
