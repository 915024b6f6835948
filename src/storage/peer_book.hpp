// The catalogue's table of peers that are worth remembering.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/audience.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "storage/storage_error.hpp"

namespace SQLite {
class Database;
}

namespace essaim::storage {

struct PeerRecord {
  PeerId id;
  std::string name;
  std::uint8_t level = 0;  // the highest that it has ever proved
  access::Trust trust = access::Trust::kStranger;
  std::vector<std::string> addresses;  // Endpoint texts, the latest first; at most kPeerAddressesMax are kept
  UnixNanos last_seen{};

  friend bool operator==(const PeerRecord&, const PeerRecord&) = default;
};

inline constexpr std::size_t kPeerAddressesMax = 16;

// Part of a Catalogue (storage/catalogue.hpp), with its thread rule.
class PeerBook {
 public:
  explicit PeerBook(SQLite::Database& database) : database_(&database) {}

  // Adds or replaces.
  [[nodiscard]] Result<void> put(const PeerRecord& peer);
  [[nodiscard]] Result<void> remove(const PeerId& id);
  [[nodiscard]] Result<std::optional<PeerRecord>> find(const PeerId& id) const;
  [[nodiscard]] Result<std::vector<PeerRecord>> all() const;  // by id
  // Forgets strangers last seen before `before`; answers how many.
  [[nodiscard]] Result<std::size_t> remove_strangers(UnixNanos before);

 private:
  SQLite::Database* database_;
};

}  // namespace essaim::storage
