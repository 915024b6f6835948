#include "storage/peer_book.hpp"

#include <ranges>
#include <string_view>

#include "storage/catalogue_sql.hpp"

namespace essaim::storage {
namespace {

constexpr const char* kSelectAll =
    "SELECT peer_id, name, level, trust, addresses, last_seen_ns FROM peer ORDER BY peer_id";
constexpr const char* kSelectOne =
    "SELECT peer_id, name, level, trust, addresses, last_seen_ns FROM peer WHERE peer_id = ?";

// One a line: no address has a line feed.
std::string join(const std::vector<std::string>& addresses) {
  std::string text;
  for (const std::string& address : addresses | std::views::take(kPeerAddressesMax)) text += address + '\n';
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> addresses;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    addresses.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return addresses;
}

// A value that no version of ours wrote is a stranger's.
access::Trust trust_of(std::int64_t value) {
  if (value == static_cast<std::int64_t>(access::Trust::kTrusted)) return access::Trust::kTrusted;
  if (value == static_cast<std::int64_t>(access::Trust::kBlocked)) return access::Trust::kBlocked;
  return access::Trust::kStranger;
}

PeerRecord read_peer(SQLite::Statement& query) {
  RowReader row(query);
  PeerRecord peer;
  peer.id.text = row.text();
  peer.name = row.text();
  peer.level = static_cast<std::uint8_t>(row.integer());
  peer.trust = trust_of(row.integer());
  peer.addresses = split(row.text());
  peer.last_seen = row.value_of<UnixNanos>();
  return peer;
}

}  // namespace

Result<void> PeerBook::put(const PeerRecord& peer) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Statement put(*database_, "INSERT OR REPLACE INTO peer VALUES (?, ?, ?, ?, ?, ?)");
    Binder(put)
        .text(peer.id.text)
        .text(peer.name)
        .integer(peer.level)
        .value_of(peer.trust)
        .text(join(peer.addresses))
        .value_of(peer.last_seen);
    put.exec();
    return {};
  });
}

Result<void> PeerBook::remove(const PeerId& id) {
  return guarded(*database_, [&]() -> Result<void> {
    SQLite::Statement remove(*database_, "DELETE FROM peer WHERE peer_id = ?");
    Binder(remove).text(id.text);
    remove.exec();
    return {};
  });
}

Result<std::optional<PeerRecord>> PeerBook::find(const PeerId& id) const {
  return guarded(*database_, [&]() -> Result<std::optional<PeerRecord>> {
    SQLite::Statement query(*database_, kSelectOne);
    Binder(query).text(id.text);
    if (!query.executeStep()) return std::nullopt;
    return read_peer(query);
  });
}

Result<std::vector<PeerRecord>> PeerBook::all() const {
  return guarded(*database_, [&]() -> Result<std::vector<PeerRecord>> {
    SQLite::Statement query(*database_, kSelectAll);
    std::vector<PeerRecord> peers;
    while (query.executeStep()) peers.push_back(read_peer(query));
    return peers;
  });
}

Result<std::size_t> PeerBook::remove_strangers(UnixNanos before) {
  return guarded(*database_, [&]() -> Result<std::size_t> {
    SQLite::Statement remove(*database_, "DELETE FROM peer WHERE trust = ? AND last_seen_ns < ?");
    Binder(remove).value_of(access::Trust::kStranger).value_of(before);
    return static_cast<std::size_t>(remove.exec());
  });
}

}  // namespace essaim::storage
