// Who holds what: HAVE, FIND, FOUND, SWARM.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/endpoint.hpp"
#include "base/ids.hpp"
#include "wire/fields.hpp"

namespace essaim::wire {

// The first three are about the chunks of the content itself; the others about the files of a folder whose document the
// content is. These are numbered from 0 by their contents, in the order in which the document first names each.
enum class HaveKind {
  kComplete,       // all chunks
  kChunks,         // these chunks too, besides those told before
  kBitfield,       // exactly those of the payload: bit 7 of byte 0 is chunk 0; spare bits at the end are 0
  kAllFiles,       // every file, whole
  kFiles,          // these files too, whole, besides those told before
  kFilesBitfield,  // of whole files exactly those of the payload, as for kBitfield
};
[[nodiscard]] constexpr bool has_list(HaveKind kind) { return kind == HaveKind::kChunks || kind == HaveKind::kFiles; }
[[nodiscard]] constexpr bool has_bitfield(HaveKind kind) {
  return kind == HaveKind::kBitfield || kind == HaveKind::kFilesBitfield;
}
[[nodiscard]] std::string_view to_text(HaveKind kind);
[[nodiscard]] std::optional<HaveKind> have_kind_from_text(std::string_view text);

struct Have {
  static constexpr std::string_view kType = "HAVE";
  ContentId file_id;
  HaveKind kind = HaveKind::kComplete;
  std::vector<std::uint32_t> numbers;  // of chunks or files, where the kind has a list: 1 to kHaveNumbersMax
  friend bool operator==(const Have&, const Have&) = default;
};

struct Find {
  static constexpr std::string_view kType = "FIND";
  std::vector<ContentId> file_ids;  // 1 to kFindIdsMax
  bool follow = false;              // also push HAVE for these whenever it changes, while this session lives
  friend bool operator==(const Find&, const Find&) = default;
};

enum class Holding { kComplete, kPartial };
[[nodiscard]] std::string_view to_text(Holding holding);
[[nodiscard]] std::optional<Holding> holding_from_text(std::string_view text);

struct FoundEntry {
  ContentId file_id;
  Holding kind = Holding::kComplete;
  std::uint32_t chunks = 0;        // how many of its chunks are held
  std::optional<Sha256> sha256{};  // of all of it, where that is known
  friend bool operator==(const FoundEntry&, const FoundEntry&) = default;
};

// The answer to FIND: those of its ids that this peer holds, wholly or partly, and may give to who asks.
struct Found {
  static constexpr std::string_view kType = "FOUND";
  std::vector<FoundEntry> entries;
  friend bool operator==(const Found&, const Found&) = default;
};

struct SwarmPeer {
  PeerId peer_id;
  std::vector<Endpoint> addresses;  // at most kAddressesPerPeerMax; what this version cannot read is left out
  friend bool operator==(const SwarmPeer&, const SwarmPeer&) = default;
};

// Other peers known to hold or fetch a content id. A hint: an address counts only once a TLS session has proved it.
struct Swarm {
  static constexpr std::string_view kType = "SWARM";
  ContentId file_id;
  std::vector<SwarmPeer> peers;  // at most kSwarmPeersMax
  friend bool operator==(const Swarm&, const Swarm&) = default;
};

// How many payload bytes may follow the message.
[[nodiscard]] Range<std::uint64_t> payload_range(const Have& message);

void read(FieldReader& in, Have& message);
void read(FieldReader& in, Find& message);
void read(FieldReader& in, Found& message);
void read(FieldReader& in, Swarm& message);
void write(const Have& message, boost::json::object& out);
void write(const Find& message, boost::json::object& out);
void write(const Found& message, boost::json::object& out);
void write(const Swarm& message, boost::json::object& out);

}  // namespace essaim::wire
