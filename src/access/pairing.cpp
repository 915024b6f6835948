#include "access/pairing.hpp"

#include <utility>

#include "base/defence.hpp"

namespace essaim::access {

std::string_view to_string(PairingRefusal refusal) {
  switch (refusal) {
    case PairingRefusal::kDifferent: return "different";
    case PairingRefusal::kBusy: return "busy";
    case PairingRefusal::kBroken: return "broken";
    case PairingRefusal::kTimeout: return "timeout";
  }
  return "broken";
}

Pairing::Pairing(Ends ends, const PairingNonce& nonce, Instant now)
    : ends_(std::move(ends)), nonce_(nonce), begun_(now) {}

Pairing Pairing::ask(Ends ends, const PairingNonce& nonce, Instant now) {
  Pairing pairing(std::move(ends), nonce, now);
  pairing.steps_.emplace_back(PairingCommit{pairing_commitment(pairing.ends_.self, pairing.ends_.other, nonce)});
  return pairing;
}

Pairing Pairing::answer(Ends ends, const PairingNonce& nonce, const PairingCommit& commit, Instant now) {
  Pairing pairing(std::move(ends), nonce, now);
  pairing.commitment_ = commit.commitment;
  pairing.steps_.emplace_back(PairingReveal{nonce});
  return pairing;
}

void Pairing::on_step(const PairingStep& step) {
  if (over()) return;
  if (const auto* refuse = std::get_if<PairingRefuse>(&step)) {
    state_ = State::kFailed;
    end_ = {.why = refuse->why, .theirs = true};
  } else if (const auto* reveal = std::get_if<PairingReveal>(&step)) {
    on_reveal(*reveal);
  } else if (std::holds_alternative<PairingConfirm>(step)) {
    on_confirm();
  } else {
    fail(PairingRefusal::kBroken);
  }
}

void Pairing::on_reveal(const PairingReveal& reveal) {
  if (state_ != State::kExchanging) return fail(PairingRefusal::kBroken);
  if (!commitment_) {
    steps_.emplace_back(PairingReveal{nonce_});
    return compare(nonce_, reveal.nonce);
  }
  const bool fits = pairing_commitment(ends_.other, ends_.self, reveal.nonce) == *commitment_;
  if (!fits && defended(Defence::kPairingCommitment)) return fail(PairingRefusal::kBroken);
  compare(reveal.nonce, nonce_);
}

void Pairing::compare(const PairingNonce& asker, const PairingNonce& answerer) {
  const bool we_asked = !commitment_;
  digits_ = pairing_digits({.asker = we_asked ? ends_.self : ends_.other,
                            .answerer = we_asked ? ends_.other : ends_.self,
                            .asker_nonce = asker,
                            .answerer_nonce = answerer});
  state_ = State::kComparing;
}

void Pairing::on_confirm() {
  if (state_ == State::kExchanging || confirmed_there_) return fail(PairingRefusal::kBroken);
  confirmed_there_ = true;
  if (state_ == State::kConfirmed) state_ = State::kDone;
}

void Pairing::confirm() {
  if (state_ != State::kComparing) return;
  steps_.emplace_back(PairingConfirm{});
  state_ = confirmed_there_ ? State::kDone : State::kConfirmed;
}

void Pairing::refuse(PairingRefusal why) {
  if (!over()) fail(why);
}

void Pairing::fail(PairingRefusal why) {
  state_ = State::kFailed;
  end_ = {.why = why, .theirs = false};
  steps_.emplace_back(PairingRefuse{why});
}

void Pairing::on_time(Instant now) {
  if (!over() && now >= deadline()) fail(PairingRefusal::kTimeout);
}

Instant Pairing::deadline() const {
  return begun_ + (state_ == State::kExchanging ? Instant::duration(kPairingExchangeTimeMax) : kPairingTimeMax);
}

std::vector<PairingStep> Pairing::take_steps() { return std::exchange(steps_, {}); }

}  // namespace essaim::access
