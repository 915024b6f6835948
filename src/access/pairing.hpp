// Two people make sure that nobody stands between their machines: each sees the same six digits and says so.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/pairing_hash.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace essaim::access {

// Until both have answered; people have to look at two screens.
inline constexpr std::chrono::seconds kPairingTimeMax{120};
// Until the digits are there: machines only.
inline constexpr std::chrono::seconds kPairingExchangeTimeMax{10};

// What the sides say to each other, over a session in which each has proved its key.
struct PairingCommit {
  PairingNonce commitment;
  friend bool operator==(const PairingCommit&, const PairingCommit&) = default;
};
struct PairingReveal {
  PairingNonce nonce;
  friend bool operator==(const PairingReveal&, const PairingReveal&) = default;
};
struct PairingConfirm {
  friend bool operator==(const PairingConfirm&, const PairingConfirm&) = default;
};
enum class PairingRefusal : std::uint8_t {
  kDifferent,  // a person said that the digits differ, or did not want to
  kBusy,       // too many tries, or too many at once
  kBroken,     // the other side broke the rules
  kTimeout,
};
[[nodiscard]] std::string_view to_string(PairingRefusal refusal);
struct PairingRefuse {
  PairingRefusal why = PairingRefusal::kDifferent;
  friend bool operator==(const PairingRefuse&, const PairingRefuse&) = default;
};
using PairingStep = std::variant<PairingCommit, PairingReveal, PairingConfirm, PairingRefuse>;

// Numeric comparison as in Bluetooth's Secure Simple Pairing (Core Specification, volume 2, part H, section 7.2.1):
//  - The asker sends a commitment to a random nonce; the answerer sends its own nonce; the asker opens its commitment.
//    The digits are a hash of both keys' ids and both nonces.
//    Rationale: somebody in between runs one exchange with each side. It has to fix its nonce towards one side before
//    it knows the other's, so the digits agree by chance only: once in a million tries, however many keys it has
//    ground before.
//  - Both people have to say that the digits are the same; then each side trusts the other's key.
//  - A step that is not the one expected ends it, and so does time.
// Pure: the nonce is handed in, and has to be random and new.
class Pairing {
 public:
  struct Ends {
    PeerId self;
    PeerId other;
  };
  enum class State : std::uint8_t { kExchanging, kComparing, kConfirmed, kDone, kFailed };

  // We ask.
  [[nodiscard]] static Pairing ask(Ends ends, const PairingNonce& nonce, Instant now);
  // They asked, with `commit`.
  [[nodiscard]] static Pairing answer(Ends ends, const PairingNonce& nonce, const PairingCommit& commit, Instant now);

  void on_step(const PairingStep& step);
  // The person says that the digits are the same (only in kComparing), or that they are not.
  void confirm();
  void refuse(PairingRefusal why);
  void on_time(Instant now);
  [[nodiscard]] Instant deadline() const;

  // What to send, in this order.
  [[nodiscard]] std::vector<PairingStep> take_steps();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool over() const { return state_ == State::kDone || state_ == State::kFailed; }
  [[nodiscard]] const std::string& digits() const { return digits_; }  // empty in kExchanging
  // Of kFailed: why, and who said so.
  struct End {
    PairingRefusal why = PairingRefusal::kTimeout;
    bool theirs = false;
  };
  [[nodiscard]] const End& end() const { return end_; }

 private:
  Pairing(Ends ends, const PairingNonce& nonce, Instant now);
  void on_reveal(const PairingReveal& reveal);
  void on_confirm();
  void compare(const PairingNonce& asker, const PairingNonce& answerer);
  void fail(PairingRefusal why);

  Ends ends_;
  PairingNonce nonce_;
  Instant begun_;
  std::optional<PairingNonce> commitment_;  // theirs; nothing where we asked
  State state_ = State::kExchanging;
  bool confirmed_there_ = false;
  std::string digits_;
  End end_;
  std::vector<PairingStep> steps_;
};

}  // namespace essaim::access
