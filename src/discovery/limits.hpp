// Every limit and period of discovery, in one place. docs/protocol.md states each of them.
#pragma once
#include <chrono>
#include <cstddef>

#include "base/time.hpp"

namespace essaim::discovery {

// Announcing.
inline constexpr Duration kAnnounceInterval = std::chrono::seconds(10);         // ± kJitterPercent
inline constexpr Duration kCrowdedAnnounceInterval = std::chrono::seconds(60);  // with more than kCrowdedPeers near
inline constexpr std::size_t kCrowdedPeers = 50;
inline constexpr int kJitterPercent = 20;
// At most one announcement of news, and one burst, begins in this time.
inline constexpr Duration kNewsInterval = std::chrono::seconds(1);

// A datagram that asks is padded to this, so that an answer to it, which may not be larger, has room for every field.
inline constexpr std::size_t kAskBytesMin = 192;

// Taking datagrams in, before any of their bytes is looked at.
inline constexpr int kIntakePerSourcePerSecond = 10;
inline constexpr int kIntakePerSourceBurst = 20;
inline constexpr int kIntakePerSecond = 500;  // all sources together; also the burst
// Answering.
inline constexpr Duration kAnswerIntervalPerSource = std::chrono::seconds(1);
inline constexpr std::size_t kAnswersPerSecond = 50;  // in any second, to all sources together
// What is remembered of sources: a fixed table, whatever their number.
inline constexpr std::size_t kSourceSlots = 1024;

// Who is near.
inline constexpr std::size_t kPeersMax = 1024;
inline constexpr std::size_t kUnverifiedPeersMax = 256;
inline constexpr std::size_t kUnverifiedPeersPerAddressMax = 8;
inline constexpr std::size_t kCandidatesPerPeerMax = 8;
inline constexpr Duration kPeerLifetime = std::chrono::seconds(30);
inline constexpr Duration kCrowdedPeerLifetime = std::chrono::seconds(180);
// With so many online the longer lifetime holds. Rationale: below kCrowdedPeers, because two peers never count quite
// the same, and one that still expects a datagram every 10 s would lose all those that already send one a minute.
inline constexpr std::size_t kPatientPeers = 40;
// A peer that has proved who it is stays known this long after it was last near.
inline constexpr Duration kVerifiedPeerMemory = std::chrono::hours(24);

}  // namespace essaim::discovery
