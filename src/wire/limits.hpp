// Every limit of the wire, in one place. docs/protocol.md states each of them; nothing a peer sends can change one.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace essaim::wire {

// Datagrams. Peers of level 0 read no more than this of one.
inline constexpr std::size_t kDatagramBytesMax = 1024;

// Frames: the JSON object's bytes, without its length and without the payload.
inline constexpr std::size_t kFrameLengthBytes = 4;
inline constexpr std::size_t kFirstFrameBytesMax = 8 * kKiB;  // before a peer is known
inline constexpr std::size_t kClassicJsonBytesMax = 8 * kMiB;
inline constexpr std::size_t kPeerJsonBytesMax = 1 * kMiB;
inline constexpr std::uint64_t kPayloadBytesMax = 4 * kMiB;
// What a decoder makes room for at once, so that its memory grows with what arrived, not with what was announced.
inline constexpr std::size_t kFramePrepareBytesMax = 64 * kKiB;

// One JSON text. A value costs about 24 bytes of memory and can cost one byte of text: kJsonValuesMax bounds that.
inline constexpr std::size_t kJsonDepthMax = 16;
inline constexpr std::size_t kKeysPerObjectMax = 64;
inline constexpr std::size_t kJsonValuesMax = 512 * kKiB;

// Texts.
inline constexpr std::size_t kTypeBytesMax = 64;
inline constexpr std::size_t kNameBytesMax = 63;
inline constexpr std::size_t kVersionBytesMax = 64;
inline constexpr std::size_t kFeatureBytesMax = 64;
inline constexpr std::size_t kFeaturesMax = 64;
inline constexpr std::size_t kCursorBytesMax = 4096;
inline constexpr std::size_t kSearchWordsBytesMax = 256;
inline constexpr std::size_t kErrorMessageBytesMax = 512;

// Content: 2^43 bytes are 2^21 chunks of 4 MiB.
inline constexpr std::uint64_t kContentBytesMax = std::uint64_t{1} << 43U;
inline constexpr std::uint32_t kChunksPerContentMax = std::uint32_t{1} << 21U;
inline constexpr std::uint32_t kLeafBytes = 32;
inline constexpr std::uint32_t kManifestLeavesPerRequestMax = kPayloadBytesMax / kLeafBytes;
inline constexpr std::uint32_t kChunksPerRequestMax = 64;
inline constexpr std::size_t kHaveNumbersMax = 4096;
inline constexpr std::uint64_t kHaveBitfieldBytesMax = kChunksPerContentMax / 8;

// Lists.
inline constexpr std::size_t kListPageEntriesMax = 1000;
inline constexpr std::size_t kSearchResultsMax = 1000;
inline constexpr std::size_t kFindIdsMax = 256;
inline constexpr std::size_t kSwarmPeersMax = 64;
inline constexpr std::size_t kAddressesPerPeerMax = 8;
inline constexpr std::size_t kAddressBytesMax = 64;

// Offers.
inline constexpr std::size_t kOfferIdBytesMax = 64;
inline constexpr std::size_t kOfferEntriesMax = 64;

// Level 0.
inline constexpr std::uint64_t kClassicChunkBytes = 256 * kKiB;   // of every file we serve
inline constexpr std::uint64_t kClassicChunkBytesMax = 4 * kMiB;  // decoded, of what a peer sends
inline constexpr std::size_t kClassicFileIdBytesMax = 1024;
inline constexpr std::size_t kClassicFileNameBytesMax = 4096;
inline constexpr std::size_t kClassicListFilesMax = 128 * kKiB;

}  // namespace essaim::wire
