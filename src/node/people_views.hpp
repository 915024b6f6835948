// What a node shows of dealings between people: pairings and offers (docs/api.md).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "node/views.hpp"

namespace essaim::node {

enum class PairingState {
  kComparing,  // the digits are to be compared with those of the other side
  kConfirmed,  // this side has said that they are the same, the other side has not yet
  kDone,       // both have: each trusts the other's key
  kFailed,
};
[[nodiscard]] std::string_view to_string(PairingState state);

// There is one pairing at most with each peer.
struct PairingView {
  PeerId peer_id;
  std::string name;
  PairingState state = PairingState::kComparing;
  bool incoming = false;           // the other side has begun it
  std::string digits;              // six of them
  double seconds_left = 0;         // until it is given up
  std::optional<Failure> failure;  // of kFailed
};

enum class OfferState {
  kWaiting,   // for the answer
  kAccepted,  // and under way
  kDone,      // it has all arrived
  kDeclined,
  kWithdrawn,  // by who offered it
  kFailed,
};
[[nodiscard]] std::string_view to_string(OfferState state);

struct OfferItemView {
  std::string name;
  EntryKind kind = EntryKind::kFile;
  std::uint64_t size = 0;
  std::uint64_t files = 0;
  std::optional<std::string> link;      // once it is hashed
  std::optional<std::string> transfer;  // the id of the download, once accepted here
};

// Of an offer of ours: one of those it goes to.
struct OfferRecipientView {
  PeerId peer_id;
  std::string name;
  OfferState state = OfferState::kWaiting;
  bool reached = false;  // the offer lies before its person
};

struct OfferView {
  std::string id;
  bool incoming = false;
  PeerId peer_id;                           // of an incoming one: who offers
  std::string peer;                         // its name
  OfferState state = OfferState::kWaiting;  // of one of ours: kWaiting until all have answered, kDone when all have it
  std::vector<OfferItemView> items;
  std::uint64_t size = 0;  // of all items
  std::uint64_t files = 0;
  UnixNanos created{};
  std::vector<OfferRecipientView> recipients;  // of one of ours
  std::optional<Failure> failure;              // of kFailed
};

}  // namespace essaim::node
