// The catalogue's table of offers, ours and those made to us.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "storage/share_root.hpp"
#include "storage/storage_error.hpp"

namespace SQLite {
class Database;
}

namespace essaim::storage {

enum class OfferId : std::int64_t {};

enum class OfferStage : std::uint8_t { kWaiting, kAccepted, kDone, kDeclined, kWithdrawn, kFailed };

struct OfferItem {
  std::string name;  // in the list of who offers
  ShareKind kind = ShareKind::kFile;
  std::uint64_t size = 0;
  std::uint64_t files = 0;
  std::uint64_t tree_bytes = 0;  // of the tree document; 0 where it is not known
  std::optional<ContentId> content_id;
  bool shared_for_it = false;    // ours: the share was made for this offer, and ends with it
  std::int64_t transfer_id = 0;  // made to us: the download; 0 for none
  bool arrived = false;          // made to us: the download is done

  friend bool operator==(const OfferItem&, const OfferItem&) = default;
};

// Of an offer of ours: one of those it goes to. Of one made to us: who makes it.
struct OfferPeer {
  PeerId id;
  std::string name;
  OfferStage state = OfferStage::kWaiting;
  bool reached = false;  // ours: the other side has it; made to us: the other side knows the state

  friend bool operator==(const OfferPeer&, const OfferPeer&) = default;
};

struct OfferRecord {
  OfferId id{};  // given by add()
  bool incoming = false;
  std::string wire_id;  // what its maker calls it
  UnixNanos created{};
  std::vector<OfferItem> items;
  std::vector<OfferPeer> peers;

  friend bool operator==(const OfferRecord&, const OfferRecord&) = default;
};

// Part of a Catalogue (storage/catalogue.hpp), with its thread rule.
class OfferTable {
 public:
  explicit OfferTable(SQLite::Database& database) : database_(&database) {}

  [[nodiscard]] Result<OfferId> add(const OfferRecord& offer);
  [[nodiscard]] Result<void> update(const OfferRecord& offer);
  [[nodiscard]] Result<void> remove(OfferId id);
  [[nodiscard]] Result<std::vector<OfferRecord>> all() const;  // by id

 private:
  SQLite::Database* database_;
};

}  // namespace essaim::storage
