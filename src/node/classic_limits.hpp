// Limits of what is asked of peers of level 0.
#pragma once
#include <chrono>
#include <cstdint>

namespace essaim::node {

// Such peers wait this long for an answer themselves.
inline constexpr std::chrono::seconds kClassicAnswerTimeMax{30};
// How often an errand connects anew without getting any further. Many of these peers serve one message a connection.
inline constexpr int kClassicRetriesMax = 3;
// Chunks of a download that one of them is asked for ahead; they are fetched one after the other.
inline constexpr std::uint32_t kClassicChunksAhead = 2;

}  // namespace essaim::node
