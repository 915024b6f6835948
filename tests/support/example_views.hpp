// Views with something in every field.
#pragma once
#include <string>

#include "node/people_views.hpp"
#include "node/views.hpp"

namespace essaim::test {

inline ContentId example_id() {
  ContentId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::uint8_t>(i * 7);
  return id;
}

inline node::PeerView example_peer() {
  node::PeerView view;
  view.peer_id = PeerId{"abcdefghijklmnopqrstuvwxyz234567"};
  view.name = "bob";
  view.addresses = {"10.0.0.2:5001", "[fe80::1%3]:5001"};
  view.level = 1;
  view.online = true;
  view.trust = "unknown";
  view.shares = 3;
  view.seen_by = "broadcast";
  view.seen_seconds_ago = 1.5;
  return view;
}

inline node::EntryView example_entry() {
  node::EntryView view;
  view.peer_id = PeerId{"abcdefghijklmnopqrstuvwxyz234567"};
  view.peer = "bob";
  view.path = "Videos/talk.mp4";
  view.kind = node::EntryKind::kFile;
  view.size = 2'791'728'742;
  view.mtime = UnixNanos{1'700'000'000'000'000'000};
  view.id = example_id();
  view.files = 1;
  view.link = "essaim:abc?name=talk.mp4";
  return view;
}

inline node::ShareView example_share() {
  node::ShareView view;
  view.name = "Videos";
  view.path = "/home/alice/Videos";
  view.kind = node::EntryKind::kTree;
  view.size = 12345;
  view.files = 7;
  view.audience = "everyone";
  view.id = example_id();
  view.link = "essaim:abc?name=Videos";
  view.state = node::ShareState::kReady;
  view.bytes_hashed = 12345;
  view.left_out = {"bad\\name: has a control character"};
  return view;
}

inline node::PairingView example_pairing() {
  return {.peer_id = PeerId{"abcdefghijklmnopqrstuvwxyz234567"},
          .name = "bob",
          .state = node::PairingState::kComparing,
          .incoming = true,
          .digits = "012345",
          .seconds_left = 99.5,
          .failure = node::Failure{node::FailureCode::kRefused, "bob said no"}};
}

inline node::OfferView example_offer() {
  return {.id = "3",
          .incoming = true,
          .peer_id = PeerId{"abcdefghijklmnopqrstuvwxyz234567"},
          .peer = "bob",
          .state = node::OfferState::kAccepted,
          .items = {{.name = "Videos",
                     .kind = node::EntryKind::kTree,
                     .size = 12345,
                     .files = 7,
                     .link = "essaim:abc?name=Videos",
                     .transfer = "12"}},
          .size = 12345,
          .files = 7,
          .created = UnixNanos{1'700'000'000'000'000'000},
          .recipients = {{.peer_id = PeerId{"bcdefghijklmnopqrstuvwxyz2345672"},
                          .name = "carol",
                          .state = node::OfferState::kDone,
                          .reached = true}},
          .failure = node::Failure{node::FailureCode::kFailed, "no room"}};
}

inline node::TransferView example_transfer() {
  node::TransferView view;
  view.id = "t1";
  view.name = "talk.mp4";
  view.kind = node::EntryKind::kFile;
  view.state = node::TransferState::kRunning;
  view.path = "/home/bob/talk.mp4";
  view.content_id = example_id();
  view.bytes_total = 2'791'728'742;
  view.bytes_done = 1'256'277'934;
  view.files_total = 1;
  view.files_done = 0;
  view.bytes_per_second = 117'440'512;
  view.seconds_left = 12.5;
  view.seconds = 10.25;
  view.limit = 200'000'000;
  view.expires = 1'795'000'000;
  view.sources = {{PeerId{"alice-id"}, "alice", 1'000'000'000}, {PeerId{"carol-id"}, "carol", 256'277'934}};
  view.failure = node::Failure{node::FailureCode::kFailed, "The disk is full."};
  return view;
}

inline node::StatusView example_status() {
  node::StatusView view;
  view.peer_id = PeerId{"abcdefghijklmnopqrstuvwxyz234567"};
  view.words = "badah-gamih-sitaf-jifuk-gilaz-midoj-gonik-tizak-likuv-liziz";
  view.name = "alice";
  view.version = "0.1.0";
  view.home = "/home/alice/.local/share/essaim";
  view.dest = "/home/alice/Downloads";
  view.port = 5001;
  view.discovery_port = 5000;
  view.classic = true;
  view.web = "http://127.0.0.1:5080/";
  view.uptime_seconds = 61.25;
  view.peers_online = 2;
  view.shares = 3;
  view.transfers_running = 1;
  view.bytes_sent = 1024;
  view.bytes_received = 2048;
  return view;
}

}  // namespace essaim::test
