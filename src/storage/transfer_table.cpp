#include "storage/transfer_table.hpp"

#include "storage/catalogue_sql.hpp"

namespace essaim::storage {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, kind, state, link, name, destination, part_name, result_name, peer, note, total_bytes, done_bytes,"
    " created_ns, updated_ns, subfolder, turn, bytes_per_second FROM transfer ";

TransferRecord read_transfer(SQLite::Statement& query) {
  RowReader row(query);
  TransferRecord transfer;
  transfer.id = row.value_of<TransferId>();
  transfer.kind = row.value_of<TransferKind>();
  transfer.state = row.value_of<TransferState>();
  transfer.link = row.text();
  transfer.name = row.text();
  transfer.destination = row.text();
  transfer.part_name = row.text();
  transfer.result_name = row.text();
  transfer.peer = row.text();
  transfer.note = row.text();
  transfer.total_bytes = row.number();
  transfer.done_bytes = row.number();
  transfer.created = row.value_of<UnixNanos>();
  transfer.updated = row.value_of<UnixNanos>();
  transfer.subfolder = row.text();
  transfer.turn = row.value_of<std::int64_t>();
  transfer.bytes_per_second = row.number();
  return transfer;
}

Binder& bind_fields(Binder& binder, const TransferRecord& transfer) {
  return binder.value_of(transfer.kind)
      .value_of(transfer.state)
      .text(transfer.link)
      .text(transfer.name)
      .text(transfer.destination)
      .text(transfer.part_name)
      .text(transfer.result_name)
      .text(transfer.peer)
      .text(transfer.note)
      .number(transfer.total_bytes)
      .number(transfer.done_bytes)
      .value_of(transfer.updated)
      .text(transfer.subfolder)
      .value_of(transfer.turn)
      .number(transfer.bytes_per_second);
}

// Commits made while it lives are on the disk when they return.
class FullySynced {
 public:
  explicit FullySynced(SQLite::Database& database) : database_(database) { database.exec("PRAGMA synchronous = FULL"); }
  FullySynced(const FullySynced&) = delete;
  FullySynced& operator=(const FullySynced&) = delete;
  ~FullySynced() { (void)database_.tryExec("PRAGMA synchronous = NORMAL"); }

 private:
  SQLite::Database& database_;
};

}  // namespace

std::string_view to_string(TransferState state) {
  switch (state) {
    case TransferState::kWaiting: return "waiting";
    case TransferState::kRunning: return "running";
    case TransferState::kPaused: return "paused";
    case TransferState::kDone: return "done";
    case TransferState::kFailed: return "failed";
    case TransferState::kCancelled: return "cancelled";
    case TransferState::kDeclined: return "declined";
  }
  return "unknown";
}

Result<TransferId> TransferTable::add(const TransferRecord& transfer) {
  return guarded(*database_, [&]() -> Result<TransferId> {
    const FullySynced synced(*database_);
    SQLite::Statement insert(*database_,
                             "INSERT INTO transfer (kind, state, link, name, destination, part_name, result_name, peer,"
                             " note, total_bytes, done_bytes, updated_ns, subfolder, turn, bytes_per_second,"
                             " created_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Binder binder(insert);
    bind_fields(binder, transfer).value_of(transfer.created);
    insert.exec();
    return TransferId{database_->getLastInsertRowid()};
  });
}

Result<void> TransferTable::update(const TransferRecord& transfer) {
  return guarded(*database_, [&]() -> Result<void> {
    const FullySynced synced(*database_);
    SQLite::Statement update(*database_,
                             "UPDATE transfer SET kind = ?, state = ?, link = ?, name = ?, destination = ?,"
                             " part_name = ?, result_name = ?, peer = ?, note = ?, total_bytes = ?, done_bytes = ?,"
                             " updated_ns = ?, subfolder = ?, turn = ?, bytes_per_second = ? WHERE id = ?");
    Binder binder(update);
    bind_fields(binder, transfer).value_of(transfer.id);
    update.exec();
    return {};
  });
}

Result<void> TransferTable::remove(TransferId id) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Statement remove(*database_, "DELETE FROM transfer WHERE id = ?");
    Binder(remove).value_of(id);
    remove.exec();
    return {};
  });
}

Result<void> TransferTable::save_progress(TransferId id, const Progress& progress) {
  return guarded(*database_, [&]() -> Result<void> {
    const FullySynced synced(*database_);
    SQLite::Statement save(*database_, "UPDATE transfer SET progress = ?, done_bytes = ?, updated_ns = ? WHERE id = ?");
    Binder(save).blob(progress.bitmap).number(progress.done_bytes).value_of(progress.updated).value_of(id);
    save.exec();
    return {};
  });
}

Result<Bytes> TransferTable::progress_of(TransferId id) const {
  return guarded(*database_, [&]() -> Result<Bytes> {
    SQLite::Statement query(*database_, "SELECT progress FROM transfer WHERE id = ?");
    Binder(query).value_of(id);
    if (!query.executeStep()) return Bytes();
    const ByteView bitmap = RowReader(query).blob();
    return Bytes(bitmap.begin(), bitmap.end());
  });
}

Result<std::optional<TransferRecord>> TransferTable::find(TransferId id) const {
  return guarded(*database_, [&]() -> Result<std::optional<TransferRecord>> {
    SQLite::Statement query(*database_, std::string(kSelect) + "WHERE id = ?");
    Binder(query).value_of(id);
    if (!query.executeStep()) return std::nullopt;
    return read_transfer(query);
  });
}

Result<std::vector<TransferRecord>> TransferTable::all() const {
  return guarded(*database_, [&]() -> Result<std::vector<TransferRecord>> {
    SQLite::Statement query(*database_, std::string(kSelect) + "ORDER BY id");
    std::vector<TransferRecord> transfers;
    while (query.executeStep()) transfers.push_back(read_transfer(query));
    return transfers;
  });
}

}  // namespace essaim::storage
