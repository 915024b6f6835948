// Dealings between people: OFFER and ANSWER, PAIR.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/ids.hpp"
#include "wire/fields.hpp"
#include "wire/messages_list.hpp"

namespace essaim::wire {

// I would like you to have these: shares of mine that you may see. Its answer is an ANSWER of kReceived.
struct Offer {
  static constexpr std::string_view kType = "OFFER";
  std::string offer;               // the sender's name for it, at most kOfferIdBytesMax bytes, not empty
  std::vector<ListEntry> entries;  // 1 to kOfferEntriesMax, each a file or a tree at the top of the sender's list
  friend bool operator==(const Offer&, const Offer&) = default;
};

enum class OfferAnswer : std::uint8_t {
  kReceived,  // it lies before the person
  kAccepted,
  kDeclined,
  kDone,       // it is all here
  kFailed,     // it was accepted, but did not arrive
  kWithdrawn,  // from who made the offer
};
[[nodiscard]] std::string_view to_text(OfferAnswer answer);

struct Answer {
  static constexpr std::string_view kType = "ANSWER";
  std::string offer;
  OfferAnswer answer = OfferAnswer::kReceived;
  friend bool operator==(const Answer&, const Answer&) = default;
};

// A step of a pairing (access/pairing.hpp).
struct Pair {
  static constexpr std::string_view kType = "PAIR";
  enum class Step : std::uint8_t { kCommit, kReveal, kConfirm, kRefuse } step = Step::kRefuse;
  std::array<std::uint8_t, kDigestBytes> value{};  // of kCommit: the commitment; of kReveal: the nonce; else nothing
  std::string reason;  // of kRefuse: "different", "busy", "broken", "timeout", or a word of a later version
  friend bool operator==(const Pair&, const Pair&) = default;
};

void read(FieldReader& in, Offer& message);
void read(FieldReader& in, Answer& message);
void read(FieldReader& in, Pair& message);
void write(const Offer& message, boost::json::object& out);
void write(const Answer& message, boost::json::object& out);
void write(const Pair& message, boost::json::object& out);

}  // namespace essaim::wire
