// What becomes of an offer before a person looks at it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "access/audience.hpp"
#include "base/bytes.hpp"

namespace essaim::access {

// Offers that wait for a person, of one peer and in all. Rationale: an inbox that a stranger has filled is no inbox.
inline constexpr std::size_t kOffersWaitingPerPeerMax = 8;
inline constexpr std::size_t kOffersWaitingMax = 64;
// What a rule accepts when nobody says otherwise.
inline constexpr std::uint64_t kAcceptBytesMaxDefault = 10 * kGiB;
inline constexpr std::uint64_t kAcceptQuotaDefault = 50 * kGiB;

struct OfferRules {
  std::optional<Audience> heard{
      Audience{}};                     // whose offers a person is asked about; the others are told that none are taken
  std::optional<Audience> accepted{};  // whose offers are accepted without asking; nobody's
  std::uint64_t bytes_max = kAcceptBytesMaxDefault;  // larger ones are asked about
  std::uint64_t quota_bytes = kAcceptQuotaDefault;   // of one peer in a day; beyond it a person is asked
};

struct OfferFacts {
  std::uint64_t bytes = 0;
  std::uint64_t accepted_bytes = 0;  // of this peer's offers, in the last day
  std::size_t waiting_of_peer = 0;   // besides this one
  std::size_t waiting = 0;           // of all peers
};

enum class OfferVerdict : std::uint8_t {
  kRefuse,  // not heard
  kBusy,    // too many wait already
  kAsk,
  kAccept,
};

[[nodiscard]] OfferVerdict judge_offer(const OfferRules& rules, const Viewer& maker, const OfferFacts& facts);

}  // namespace essaim::access
