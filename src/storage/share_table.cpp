#include "storage/share_table.hpp"

#include <SQLiteCpp/Transaction.h>

#include "storage/catalogue_sql.hpp"

namespace essaim::storage {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, name, path, kind, audience, added_ns, content_id, tree_bytes, total_bytes, files, state FROM share ";

// An audience that cannot be read is nobody's: an empty list of peers.
access::Audience audience_of(const std::string& text) {
  return access::parse_audience(text).value_or(access::Audience{.kind = access::Audience::Kind::kPeers, .peers = {}});
}

ShareRecord read_share(SQLite::Statement& query) {
  RowReader row(query);
  ShareRecord share;
  share.id = row.value_of<ShareId>();
  share.name = row.text();
  share.path = row.text();
  share.kind = row.value_of<ShareKind>();
  share.audience = audience_of(row.text());
  share.added = row.value_of<UnixNanos>();
  share.content_id = row.digest<ContentId>();
  share.tree_bytes = row.number();
  share.total_bytes = row.number();
  share.files = row.number();
  share.state = row.value_of<ShareState>();
  return share;
}

std::vector<ShareRecord> read_shares(SQLite::Statement& query) {
  std::vector<ShareRecord> shares;
  while (query.executeStep()) shares.push_back(read_share(query));
  return shares;
}

std::string select(std::string_view rest) { return std::string(kSelect) + std::string(rest); }

}  // namespace

std::string_view to_string(ShareState state) {
  switch (state) {
    case ShareState::kIndexing: return "indexing";
    case ShareState::kReady: return "ready";
    case ShareState::kUnavailable: return "unavailable";
    case ShareState::kDownloaded: return "downloaded";
  }
  return "unknown";
}

Result<ShareId> ShareTable::add(const ShareRecord& share) {
  return guarded(*database_, [&]() -> Result<ShareId> {
    SQLite::Statement insert(*database_,
                             "INSERT INTO share (name, path, kind, audience, added_ns, content_id, tree_bytes,"
                             " total_bytes, files, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Binder(insert)
        .text(share.name)
        .text(share.path)
        .value_of(share.kind)
        .text(access::format_audience(share.audience))
        .value_of(share.added)
        .digest(share.content_id)
        .number(share.tree_bytes)
        .number(share.total_bytes)
        .number(share.files)
        .value_of(share.state);
    insert.exec();
    return ShareId{database_->getLastInsertRowid()};
  });
}

Result<void> ShareTable::update(const ShareRecord& share) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Statement update(*database_,
                             "UPDATE share SET name = ?, path = ?, kind = ?, audience = ?, content_id = ?,"
                             " tree_bytes = ?, total_bytes = ?, files = ?, state = ? WHERE id = ?");
    Binder(update)
        .text(share.name)
        .text(share.path)
        .value_of(share.kind)
        .text(access::format_audience(share.audience))
        .digest(share.content_id)
        .number(share.tree_bytes)
        .number(share.total_bytes)
        .number(share.files)
        .value_of(share.state)
        .value_of(share.id);
    update.exec();
    return {};
  });
}

Result<void> ShareTable::remove(ShareId id) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Transaction transaction(*database_);
    for (const char* const sql : {"DELETE FROM file WHERE share_id = ?", "DELETE FROM share WHERE id = ?"}) {
      SQLite::Statement remove(*database_, sql);
      Binder(remove).value_of(id);
      remove.exec();
    }
    transaction.commit();
    return {};
  });
}

Result<std::vector<ShareRecord>> ShareTable::all() const {
  return guarded(*database_, [&]() -> Result<std::vector<ShareRecord>> {
    SQLite::Statement query(*database_, select("ORDER BY name"));
    return read_shares(query);
  });
}

Result<std::optional<ShareRecord>> ShareTable::find(ShareId id) const {
  return guarded(*database_, [&]() -> Result<std::optional<ShareRecord>> {
    SQLite::Statement query(*database_, select("WHERE id = ?"));
    Binder(query).value_of(id);
    if (!query.executeStep()) return std::nullopt;
    return read_share(query);
  });
}

Result<std::optional<ShareRecord>> ShareTable::find_name(const std::string& name) const {
  return guarded(*database_, [&]() -> Result<std::optional<ShareRecord>> {
    SQLite::Statement query(*database_, select("WHERE name = ?"));
    Binder(query).text(name);
    if (!query.executeStep()) return std::nullopt;
    return read_share(query);
  });
}

Result<std::vector<ShareRecord>> ShareTable::find_content(const ContentId& id) const {
  return guarded(*database_, [&]() -> Result<std::vector<ShareRecord>> {
    SQLite::Statement query(*database_, select("WHERE content_id = ? ORDER BY name"));
    Binder(query).blob(id.view());
    return read_shares(query);
  });
}

}  // namespace essaim::storage
