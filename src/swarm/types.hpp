// The words of a download: what is fetched, from whom, and what its driver is to do.
#pragma once
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "base/ids.hpp"
#include "content/chunk_plan.hpp"
#include "swarm/fair_limit.hpp"
#include "swarm/limits.hpp"

namespace essaim::swarm {

// Position in the list of items of one download, from 0.
enum class ItemIndex : std::uint32_t {};
// A peer, within one download. The driver gives a peer that comes back the number it had, so that a liar does not lose
// its record by reconnecting.
enum class SourceId : std::uint32_t {};
// Never given twice by one download.
enum class RequestId : std::uint64_t {};
// Somebody who reads what comes while it comes, within one download.
enum class ReaderId : std::uint64_t {};

// In which order a download wants its chunks.
enum class Order {
  kRarestFirst,  // what fewest sources hold, ties at random
  kSequential,   // as they stand in the list
};

struct DownloadOptions {
  Order order = Order::kRarestFirst;
  std::optional<std::uint64_t> bytes_per_second{};  // of what is asked; nothing: no limit
  std::shared_ptr<FairLimit> shared_limit{};        // besides: one for several downloads
};

enum class Naming {
  kContent,  // the id follows from the bytes: it vouches for the leaves, once all of them are there
  kDraft,    // who shares it still reads it: the leaves become known from the first on, as that peer makes them
};

// Something to fetch. size <= content::kContentBytesMax.
struct Item {
  ContentId id;
  std::uint64_t size = 0;  // bytes
  Naming naming = Naming::kContent;
};

struct ChunkRef {
  ItemIndex item{};
  content::ChunkIndex chunk{};
  friend auto operator<=>(const ChunkRef&, const ChunkRef&) = default;
};

// Ask the source for the leaves [first, first + count) of the item.
struct AskManifest {
  SourceId source{};
  ItemIndex item{};
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  RequestId request{};
  friend bool operator==(const AskManifest&, const AskManifest&) = default;
};
struct AskChunk {
  SourceId source{};
  ChunkRef chunk;
  RequestId request{};
  friend bool operator==(const AskChunk&, const AskChunk&) = default;
};
// The answer is no longer wanted. The request is forgotten: nothing need be reported of it, and what is reported all
// the same is ignored.
struct CancelRequest {
  SourceId source{};
  RequestId request{};
  friend bool operator==(const CancelRequest&, const CancelRequest&) = default;
};
enum class DropReason {
  kLiar,     // kLiesMax answers that did not have the hash they must have
  kUseless,  // kRefusalsInARowMax refusals in a row of what it said it holds
  kTooMany,  // kSourcesMax sources are enough
};
[[nodiscard]] std::string_view to_string(DropReason reason);

// The source is out of the download already, all its requests forgotten; on_source_lost() need not follow.
struct DropSource {
  SourceId source{};
  DropReason reason = DropReason::kUseless;
  friend bool operator==(const DropSource&, const DropSource&) = default;
};
// Every chunk of the item is verified (an empty item has none): it can be given its final name.
struct FinishItem {
  ItemIndex item{};
  friend bool operator==(const FinishItem&, const FinishItem&) = default;
};

using Action = std::variant<AskManifest, AskChunk, CancelRequest, DropSource, FinishItem>;

// Why a request was not answered with what was asked for.
enum class FailReason {
  kBadHash,   // the bytes are not what the id or the leaf says: a lie
  kNotFound,  // the source does not have it, or not for us
  kChanged,   // the source's file is no longer what the id names
  kBusy,      // the source will not answer now
  kTimeout,   // the transport gave up
  kClosed,    // the connection ended
  kDisk,      // our own disk did not take it
};
[[nodiscard]] std::string_view to_string(FailReason reason);

enum class Claim {
  kAll,   // holds every item whole
  kNone,  // holds what on_have() tells
};

enum class Manifests { kGives, kNone };
// What a source says of itself when it joins.
struct SourceTraits {
  Claim claim = Claim::kNone;
  Manifests manifests = Manifests::kGives;
  std::uint32_t requests_max = kRequestsInFlightMax;  // in flight; more counts as that many, 0 as 1
};

// What a request is for. A manifest's `chunk.chunk` is 0.
enum class WorkKind { kManifest, kChunk };
struct Work {
  WorkKind kind = WorkKind::kChunk;
  ChunkRef chunk;
  friend auto operator<=>(const Work&, const Work&) = default;
};
[[nodiscard]] inline Work chunk_work(ChunkRef chunk) { return {WorkKind::kChunk, chunk}; }
[[nodiscard]] inline Work manifest_work(ItemIndex item) {
  return {WorkKind::kManifest, {item, content::ChunkIndex{0}}};
}

// Why a download that is not done does not move.
enum class StallReason {
  kPaused,
  kDisk,       // our disk refused a chunk; tried again by itself
  kNoSources,  // nobody is there
  kNobodyHas,  // nobody who is there has what is missing
  kAllSilent,  // everything asked is overdue, or whoever has it wants to be left in peace
  kBeingRead,  // a draft: all that its owner has read so far is here
};
[[nodiscard]] std::string_view to_string(StallReason reason);

}  // namespace essaim::swarm
