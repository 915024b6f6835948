#include "wire/messages_swarm.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "wire/json.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {
namespace {

struct HaveRow {
  HaveKind kind;
  std::string_view text;
};
constexpr std::array kHaveKinds{
    HaveRow{HaveKind::kComplete, "complete"}, HaveRow{HaveKind::kChunks, "chunks"},
    HaveRow{HaveKind::kBitfield, "bitfield"}, HaveRow{HaveKind::kAllFiles, "all_files"},
    HaveRow{HaveKind::kFiles, "files"},       HaveRow{HaveKind::kFilesBitfield, "files_bitfield"},
};

struct HoldingRow {
  Holding holding;
  std::string_view text;
};
constexpr std::array kHoldings{
    HoldingRow{Holding::kComplete, "complete"},
    HoldingRow{Holding::kPartial, "partial"},
};

// A level-1 peer id: the base32 of 20 bytes.
constexpr std::size_t kPeerIdChars = 32;

PeerId read_peer_id(FieldReader& in) {
  const std::string_view text = in.text("peer_id", kPeerIdBytesMax);
  if (text.size() != kPeerIdChars || !from_base32(text)) in.fail_field("peer_id", FieldError::kBadValue);
  return PeerId{std::string(text)};
}

SwarmPeer read_peer(FieldReader& in) {
  SwarmPeer peer{.peer_id = read_peer_id(in), .addresses = {}};
  for (const std::string& text : in.find_texts("addresses", kAddressesPerPeerMax, kAddressBytesMax)) {
    // A later version may know other kinds of address.
    if (const std::optional<Endpoint> address = Endpoint::parse(text)) peer.addresses.push_back(*address);
  }
  return peer;
}

FoundEntry read_found(FieldReader& in) {
  FoundEntry entry{.file_id = in.content_id("file_id")};
  const std::optional<Holding> kind = holding_from_text(in.text("kind", kTypeBytesMax));
  if (!kind) in.fail_field("kind", FieldError::kBadValue);
  entry.kind = kind.value_or(Holding::kPartial);
  entry.chunks = in.integer("chunks", Range<std::uint32_t>{0, kChunksPerContentMax});
  if (const auto text = in.find_text("sha256", 2 * kDigestBytes)) {
    const std::optional<Bytes> bytes = from_hex(*text);
    entry.sha256 = bytes ? Sha256::from(*bytes) : std::nullopt;
    if (!entry.sha256) in.fail_field("sha256", FieldError::kBadValue);
  }
  return entry;
}

}  // namespace

std::string_view to_text(HaveKind kind) {
  const auto* row = std::ranges::find(kHaveKinds, kind, &HaveRow::kind);
  return row == kHaveKinds.end() ? "unknown" : row->text;
}

std::optional<HaveKind> have_kind_from_text(std::string_view text) {
  const auto* row = std::ranges::find(kHaveKinds, text, &HaveRow::text);
  return row == kHaveKinds.end() ? std::nullopt : std::optional(row->kind);
}

std::string_view to_text(Holding holding) {
  const auto* row = std::ranges::find(kHoldings, holding, &HoldingRow::holding);
  return row == kHoldings.end() ? "unknown" : row->text;
}

std::optional<Holding> holding_from_text(std::string_view text) {
  const auto* row = std::ranges::find(kHoldings, text, &HoldingRow::text);
  return row == kHoldings.end() ? std::nullopt : std::optional(row->holding);
}

Range<std::uint64_t> payload_range(const Have& message) {
  if (!has_bitfield(message.kind)) return {0, 0};
  return {1, kHaveBitfieldBytesMax};
}

void read(FieldReader& in, Have& message) {
  message.file_id = in.content_id("file_id");
  const std::optional<HaveKind> kind = have_kind_from_text(in.text("kind", kTypeBytesMax));
  if (!kind) return in.fail_field("kind", FieldError::kBadValue);
  message.kind = *kind;
  if (!has_list(message.kind)) return;
  const std::string_view field = to_text(message.kind);  // the list is called as its kind
  message.numbers = in.integers(field, kHaveNumbersMax, {0, kChunksPerContentMax - 1});
  if (message.numbers.empty()) in.fail_field(field, FieldError::kBadValue);
}

void read(FieldReader& in, Find& message) {
  message.file_ids = in.content_ids("file_ids", kFindIdsMax);
  if (message.file_ids.empty()) in.fail_field("file_ids", FieldError::kBadValue);
  message.follow = in.flag("follow");
}

void read(FieldReader& in, Found& message) {
  in.each_object("entries", kFindIdsMax, [&](FieldReader& element) { message.entries.push_back(read_found(element)); });
}

void read(FieldReader& in, Swarm& message) {
  message.file_id = in.content_id("file_id");
  in.each_object("peers", kSwarmPeersMax, [&](FieldReader& element) { message.peers.push_back(read_peer(element)); });
}

void write(const Have& message, boost::json::object& out) {
  out["file_id"] = to_base32(message.file_id.view());
  out["kind"] = to_text(message.kind);
  if (!has_list(message.kind)) return;
  boost::json::array& numbers = out[to_text(message.kind)].emplace_array();
  for (const std::uint32_t number : message.numbers) numbers.emplace_back(number);
}

void write(const Find& message, boost::json::object& out) {
  boost::json::array& ids = out["file_ids"].emplace_array();
  for (const ContentId& id : message.file_ids) ids.emplace_back(to_base32(id.view()));
  out["follow"] = message.follow;
}

void write(const Found& message, boost::json::object& out) {
  boost::json::array& entries = out["entries"].emplace_array();
  for (const FoundEntry& entry : message.entries) {
    boost::json::object element;
    element["file_id"] = to_base32(entry.file_id.view());
    element["kind"] = to_text(entry.kind);
    element["chunks"] = entry.chunks;
    if (entry.sha256) element["sha256"] = to_hex(entry.sha256->view());
    entries.emplace_back(std::move(element));
  }
}

void write(const Swarm& message, boost::json::object& out) {
  out["file_id"] = to_base32(message.file_id.view());
  boost::json::array& peers = out["peers"].emplace_array();
  for (const SwarmPeer& peer : message.peers) {
    boost::json::object element;
    element["peer_id"] = json_text(peer.peer_id.text);
    boost::json::array& addresses = element["addresses"].emplace_array();
    for (const Endpoint& address : peer.addresses) addresses.emplace_back(address.text());
    peers.emplace_back(std::move(element));
  }
}

}  // namespace essaim::wire
