#include "storage/offer_table.hpp"

#include <SQLiteCpp/Transaction.h>

#include "storage/catalogue_sql.hpp"

namespace essaim::storage {
namespace {

void put_items(SQLite::Database& database, const OfferRecord& offer) {
  SQLite::Statement put(database, "INSERT INTO offer_item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (std::size_t number = 0; number < offer.items.size(); ++number) {
    const OfferItem& item = offer.items[number];
    put.reset();
    Binder(put)
        .value_of(offer.id)
        .number(number)
        .text(item.name)
        .value_of(item.kind)
        .number(item.size)
        .number(item.files)
        .number(item.tree_bytes)
        .digest(item.content_id)
        .integer(item.shared_for_it ? 1 : 0)
        .integer(item.transfer_id)
        .integer(item.arrived ? 1 : 0);
    put.exec();
  }
}

void put_peers(SQLite::Database& database, const OfferRecord& offer) {
  SQLite::Statement put(database, "INSERT INTO offer_peer VALUES (?, ?, ?, ?, ?)");
  for (const OfferPeer& peer : offer.peers) {
    put.reset();
    Binder(put)
        .value_of(offer.id)
        .text(peer.id.text)
        .text(peer.name)
        .value_of(peer.state)
        .integer(peer.reached ? 1 : 0);
    put.exec();
  }
}

void remove_parts(SQLite::Database& database, OfferId id) {
  for (const char* statement :
       {"DELETE FROM offer_item WHERE offer_id = ?", "DELETE FROM offer_peer WHERE offer_id = ?"}) {
    SQLite::Statement remove(database, statement);
    Binder(remove).value_of(id);
    remove.exec();
  }
}

std::vector<OfferItem> items_of(SQLite::Database& database, OfferId id) {
  SQLite::Statement query(database,
                          "SELECT name, kind, size, files, tree_bytes, content_id, shared_for_it, transfer_id, arrived"
                          " FROM offer_item WHERE offer_id = ? ORDER BY number");
  Binder(query).value_of(id);
  std::vector<OfferItem> items;
  while (query.executeStep()) {
    RowReader row(query);
    OfferItem& item = items.emplace_back();
    item.name = row.text();
    item.kind = row.value_of<ShareKind>();
    item.size = row.number();
    item.files = row.number();
    item.tree_bytes = row.number();
    item.content_id = row.digest<ContentId>();
    item.shared_for_it = row.integer() != 0;
    item.transfer_id = row.integer();
    item.arrived = row.integer() != 0;
  }
  return items;
}

std::vector<OfferPeer> peers_of(SQLite::Database& database, OfferId id) {
  SQLite::Statement query(database,
                          "SELECT peer_id, name, state, reached FROM offer_peer WHERE offer_id = ? ORDER BY peer_id");
  Binder(query).value_of(id);
  std::vector<OfferPeer> peers;
  while (query.executeStep()) {
    RowReader row(query);
    OfferPeer& peer = peers.emplace_back();
    peer.id.text = row.text();
    peer.name = row.text();
    peer.state = row.value_of<OfferStage>();
    peer.reached = row.integer() != 0;
  }
  return peers;
}

}  // namespace

Result<OfferId> OfferTable::add(const OfferRecord& offer) {
  return guarded(*database_, [&]() -> Result<OfferId> {
    SQLite::Transaction transaction(*database_);
    SQLite::Statement put(*database_, "INSERT INTO offer (incoming, wire_id, created_ns) VALUES (?, ?, ?)");
    Binder(put).integer(offer.incoming ? 1 : 0).text(offer.wire_id).value_of(offer.created);
    put.exec();
    OfferRecord added = offer;
    added.id = OfferId{database_->getLastInsertRowid()};
    put_items(*database_, added);
    put_peers(*database_, added);
    transaction.commit();
    return added.id;
  });
}

Result<void> OfferTable::update(const OfferRecord& offer) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Transaction transaction(*database_);
    remove_parts(*database_, offer.id);
    put_items(*database_, offer);
    put_peers(*database_, offer);
    transaction.commit();
    return {};
  });
}

Result<void> OfferTable::remove(OfferId id) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Transaction transaction(*database_);
    remove_parts(*database_, id);
    SQLite::Statement remove(*database_, "DELETE FROM offer WHERE id = ?");
    Binder(remove).value_of(id);
    remove.exec();
    transaction.commit();
    return {};
  });
}

Result<std::vector<OfferRecord>> OfferTable::all() const {
  return guarded(*database_, [&]() -> Result<std::vector<OfferRecord>> {
    SQLite::Statement query(*database_, "SELECT id, incoming, wire_id, created_ns FROM offer ORDER BY id");
    std::vector<OfferRecord> offers;
    while (query.executeStep()) {
      RowReader row(query);
      OfferRecord& offer = offers.emplace_back();
      offer.id = row.value_of<OfferId>();
      offer.incoming = row.integer() != 0;
      offer.wire_id = row.text();
      offer.created = row.value_of<UnixNanos>();
    }
    for (OfferRecord& offer : offers) {
      offer.items = items_of(*database_, offer.id);
      offer.peers = peers_of(*database_, offer.id);
    }
    return offers;
  });
}

}  // namespace essaim::storage
