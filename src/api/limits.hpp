// What the API grants to who connects to it.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace essaim::api {

inline constexpr std::uint32_t kHeaderBytesMax = 8 * 1024;
inline constexpr std::uint64_t kBodyBytesMax = 1024 * 1024;
inline constexpr std::size_t kConnectionsMax = 128;      // on the owner's socket
inline constexpr std::size_t kWebConnectionsMax = 384;   // besides, over TCP
inline constexpr std::size_t kTargetPartsMax = 16;       // parts of a path, and fields of a query
inline constexpr std::size_t kSocketPathBytesMax = 107;  // what the system takes as a Unix socket's address

// From the first byte of a request that may be waited for to its last, and for a response to be taken.
inline constexpr std::chrono::seconds kRequestDeadline{10};
// Between two requests of one connection.
inline constexpr std::chrono::seconds kIdleDeadline{60};
// What of a content is in memory for who reads it.
inline constexpr std::size_t kPieceBytes = 256 * 1024;

// How often a listener of events hears something, so that both sides notice when the other is gone.
inline constexpr std::chrono::seconds kHeartbeatEvery{15};

// The most that a request may ask a node to wait for peers.
inline constexpr std::chrono::milliseconds kWaitMax{60'000};

}  // namespace essaim::api
