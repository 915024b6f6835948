// Limits of what is asked of peers of level 0, and of what they may ask.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace essaim::node {

// Such peers wait this long for an answer themselves.
inline constexpr std::chrono::seconds kClassicAnswerTimeMax{30};
// How often an errand connects anew without getting any further. Many of these peers serve one message a connection.
inline constexpr int kClassicRetriesMax = 3;
// Chunks of a download that one of them is asked for ahead; they are fetched one after the other.
inline constexpr std::uint32_t kClassicChunksAhead = 2;

// Connections in plain text at once, and from one address; from this machine any number up to the first. Why: nobody
// proves anything on them, so they can be had for nothing.
inline constexpr std::size_t kClassicTalksMax = 256;
inline constexpr std::size_t kClassicTalksPerAddressMax = 16;
// All lists of such peers that are kept, together, in memory: the longest that one frame can carry, and a little.
inline constexpr std::size_t kClassicListsBytesMax = 24 * kMiB;

}  // namespace essaim::node
