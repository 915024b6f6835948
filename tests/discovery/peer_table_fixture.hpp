// A peer table and short words for what can happen to it.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discovery/limits.hpp"
#include "discovery/peer_table.hpp"

namespace essaim::discovery {

using Kind = PeerEvent::Kind;
inline constexpr Instant kStart{std::chrono::seconds(1000)};

// Ids of the form that keys have, one a number below 26 * 26.
inline PeerId key_id(unsigned number) {
  std::string text(32, 'a');
  text[0] = static_cast<char>('a' + number % 26);
  text[1] = static_cast<char>('a' + number / 26 % 26);
  text[2] = static_cast<char>('a' + number / (26 * 26));
  return {text};
}

inline IpAddress host(unsigned number) {
  return IpAddress::v4(10, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number & 0xFFU));
}

inline DatagramSource from(unsigned number) { return {{host(number), 40000}, DatagramPath::kBroadcast, 2}; }

inline Announcement announcement_of(const PeerId& peer_id) {
  const bool key = peer_id.text.size() == 32;
  return {.kind = AnnouncementKind::kAnnounce,
          .peer_id = peer_id,
          .port = 5001,
          .level = key ? wire::Level::kPeer : wire::Level::kClassic,
          .name = key ? "Ana" : "",
          .rev = 1,
          .ask = false};
}

inline Announcement goodbye_of(const PeerId& peer_id) {
  Announcement announcement = announcement_of(peer_id);
  announcement.kind = AnnouncementKind::kGoodbye;
  return announcement;
}

inline const SessionFacts kSecureFacts{.level = wire::Level::kPeer, .name = "Ana", .rev = 1};
inline const SessionFacts kClassicFacts{};

struct PeerTableTest : testing::Test {
  const PeerId self = key_id(500);
  const PeerId ana = key_id(1);
  const PeerId classic{"classic-1"};
  PeerTable table{self, 1};

  void TearDown() override { table.check_invariants(); }

  PeerEvents announce(const PeerId& peer_id, unsigned host_number, Instant now) {
    return table.on_announcement(announcement_of(peer_id), from(host_number), now);
  }
  PeerEvents leave(const PeerId& peer_id, unsigned host_number, Instant now) {
    return table.on_announcement(goodbye_of(peer_id), from(host_number), now);
  }
  PeerEvents open(const PeerId& peer_id, unsigned host_number, Instant now) {
    return table.on_session_opened(peer_id, {host(host_number), 5001}, kSecureFacts, now);
  }
  PeerEvents close(const PeerId& peer_id, Instant now) {
    return table.on_session_closed(peer_id, wire::Level::kPeer, now);
  }
  // A verified peer without a session, proven at `host_number`.
  void verify(const PeerId& peer_id, unsigned host_number, Instant now) {
    (void)open(peer_id, host_number, now);
    (void)close(peer_id, now);
  }
  [[nodiscard]] bool is_online(const PeerId& peer_id) const {
    const NearPeer* const peer = table.find(peer_id);
    return peer != nullptr && peer->online;
  }
};

// Exactly one event, of this kind and peer.
inline auto just(Kind kind, const PeerId& peer_id) { return testing::ElementsAre(PeerEvent{kind, peer_id}); }

}  // namespace essaim::discovery
