// Every limit and period of the swarm, in one place. docs/protocol.md states those that a peer can notice.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "content/chunk_plan.hpp"
#include "wire/limits.hpp"

namespace essaim::swarm {

using namespace std::chrono_literals;

// What one download may be.
inline constexpr std::size_t kItemsMax = 1'000'000;
inline constexpr std::size_t kSourcesMax = 256;

// How much of it is looked at. Items are opened until they miss this many chunks together, so the memory and time that
// choosing takes follow this number and not the length of the list.
inline constexpr std::uint64_t kOpenChunksTarget = 8192;
// Items open at most, those included that only a source without other work can give.
inline constexpr std::size_t kOpenItemsMax = 16'384;
// How many of those are opened at once.
inline constexpr std::size_t kOpenBatch = 64;
// Leaves that one AskManifest asks for.
inline constexpr std::uint32_t kLeavesPerAskMax = wire::kManifestLeavesPerRequestMax;
// The same for a draft, of which commonly few are there; and how long its owner is given to make more.
inline constexpr std::uint32_t kDraftLeavesPerAskMax = 1024;
inline constexpr Duration kDraftLeavesInterval = 50ms;

// What may be asked of one source before it has answered.
inline constexpr std::uint32_t kRequestsInFlightMax = 512;
inline constexpr std::uint64_t kBytesInFlightMax = 64 * kMiB;
inline constexpr std::uint32_t kManifestsInFlightMax = kRequestsInFlightMax / 2;
// Until a source has delivered something, and at least from then on: a small number of requests, because nobody knows
// yet how many others ask there; one quick answer makes it large enough.
inline constexpr std::uint64_t kWindowStartBytes = 512 * kKiB;
inline constexpr std::uint64_t kWindowMinBytes = 256 * kKiB;
// These many are in flight whatever the window says, as long as they take no longer than kFloorTime.
inline constexpr std::uint32_t kRequestsFloor = 2;
inline constexpr Duration kFloorTime = 1s;
// What should be waiting at the source beyond the round trip, as time at its rate.
inline constexpr Duration kQueueTarget = 50ms;
// Assumed of a source that has delivered nothing yet.
inline constexpr std::uint64_t kAssumedBytesPerSecond = 1 * kMiB;
// A rate is believed for two of these, or until there is a newer sample.
inline constexpr Duration kRateEpoch = 1s;

// A request is overdue after twice the time expected, within these bounds.
inline constexpr Duration kRequestTimeoutMin = 2s;
inline constexpr Duration kRequestTimeoutMax = 30s;
// An overdue request is given up after this much more. Rationale: the transport closes connections slower than
// 16 KiB/s, at which the largest chunk takes 256 s; so no request is given up that still makes progress.
inline constexpr Duration kGiveUpAfterOverdue = 270s;

// How long a source that answered badly is left in peace; doubled each time, forgotten when it delivers.
inline constexpr Duration kRestMin = 100ms;
inline constexpr Duration kRestMax = 5s;
// How long the whole download waits when the disk refused a chunk.
inline constexpr Duration kDiskRest = 2s;

// Proven lies before a source is dropped for good, and refusals in a row (not found, changed) before it is useless.
inline constexpr std::uint32_t kLiesMax = 3;
inline constexpr std::uint32_t kRefusalsInARowMax = 256;

// Racing: how many sources besides the first are asked for one of the last chunks, the least that a race must gain,
// and how long to wait after a request before it is looked at, and between two looks.
inline constexpr std::uint32_t kRacersMax = 2;
inline constexpr Duration kRaceGainMin = 100ms;
inline constexpr Duration kRaceInterval = 100ms;

// Reading while it comes: how much of what a reader needs next is asked for before anything else, as time at the rate
// of the download, and within which bounds; and for how many readers of one download.
inline constexpr Duration kReadAheadTime = 1500ms;
inline constexpr std::uint32_t kReadAheadChunksMin = 4;
inline constexpr std::uint64_t kReadAheadBytesMax = 64 * kMiB;
inline constexpr std::size_t kReadersMax = 16;

// News of what is held leave for a follower at most this often.
inline constexpr Duration kHaveInterval = 50ms;

// Rate limits.
inline constexpr std::uint64_t kRateLimitMinBytesPerSecond = 16 * kKiB;
inline constexpr Duration kRateLimitBurst = 100ms;
// How late a user of a shared limit may come when it is its turn.
inline constexpr Duration kLimitTurnGrace = 20ms;

// Serving.
inline constexpr std::size_t kAskersMax = 1024;
inline constexpr std::size_t kUploadQueuePerAskerMax = kRequestsInFlightMax;
inline constexpr std::uint64_t kUploadBytesInServiceMax = 64 * kMiB;
// Askers of one content that are served side by side, not counting those that take what they are given more slowly than
// kBriskBytesPerSecond; and how long one of them may go on while others are turned away.
inline constexpr std::size_t kServedTogetherMax = 4;
inline constexpr std::uint64_t kBriskBytesPerSecond = 256 * kKiB;
inline constexpr Duration kTurnTime = 1s;
// Among how many of an asker's oldest requests the least served chunk is chosen, and how often the oldest of them may
// be passed over.
inline constexpr std::size_t kUploadLookahead = 16;
inline constexpr std::uint32_t kPassedOverMax = 16;
inline constexpr std::size_t kServedCounters = 65'536;

static_assert(kBytesInFlightMax >= std::uint64_t{kRequestsFloor} * content::kChunkBytesMax);
static_assert(kReadAheadBytesMax >= std::uint64_t{kReadAheadChunksMin} * content::kChunkBytesMax);
static_assert(kUploadBytesInServiceMax >= content::kChunkBytesMax);

}  // namespace essaim::swarm
