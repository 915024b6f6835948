// All offers, ours and those made to us: kept in the catalogue, shown as views.
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "node/people_views.hpp"
#include "storage/offer_table.hpp"

namespace essaim::node {

// The oldest that has ended goes for a new one.
inline constexpr std::size_t kOffersKeptMax = 200;

[[nodiscard]] OfferState state_of(storage::OfferStage state);
// Nothing more can happen to it.
[[nodiscard]] bool is_final(storage::OfferStage state);
// Of a whole offer: what is left to happen with any of its peers.
[[nodiscard]] storage::OfferStage state_of(const storage::OfferRecord& offer);

// Belongs to the control thread.
class OfferBook {
 public:
  using Changed = std::function<void(const OfferView&)>;
  OfferBook(storage::OfferTable& table, Log& log, Changed changed)
      : table_(table), log_(log), changed_(std::move(changed)) {}

  [[nodiscard]] Outcome<void> start();

  // Null where it could not be written down. kLater: the first put() tells of it.
  enum class Tell { kNow, kLater };
  [[nodiscard]] storage::OfferRecord* add(storage::OfferRecord offer, Tell tell = Tell::kNow);
  // After a change of the record: writes it down and tells of it.
  void put(const storage::OfferRecord& offer);

  // Valid until the next add().
  [[nodiscard]] storage::OfferRecord* find(storage::OfferId id);
  [[nodiscard]] storage::OfferRecord* find(const std::string& id);  // as a person writes it
  // By what its maker calls it; `maker` null: one of ours.
  [[nodiscard]] storage::OfferRecord* find_wire(const std::string& wire_id, const PeerId* maker);

  enum class Direction { kIncoming, kOutgoing };
  [[nodiscard]] std::vector<storage::OfferId> ids(Direction direction) const;
  [[nodiscard]] std::vector<OfferView> views() const;
  [[nodiscard]] static OfferView view(const storage::OfferRecord& offer);

 private:
  void make_room();

  storage::OfferTable& table_;
  Log& log_;
  Changed changed_;
  std::map<storage::OfferId, storage::OfferRecord> offers_;
};

}  // namespace essaim::node
