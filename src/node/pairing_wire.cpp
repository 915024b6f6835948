#include "node/pairing_wire.hpp"

namespace essaim::node {
namespace {

access::PairingRefusal refusal_of(std::string_view reason) {
  for (const auto refusal :
       {access::PairingRefusal::kBusy, access::PairingRefusal::kBroken, access::PairingRefusal::kTimeout}) {
    if (reason == to_string(refusal)) return refusal;
  }
  return access::PairingRefusal::kDifferent;
}

}  // namespace

access::PairingStep step_of(const wire::Pair& message) {
  switch (message.step) {
    case wire::Pair::Step::kCommit: return access::PairingCommit{message.value};
    case wire::Pair::Step::kReveal: return access::PairingReveal{message.value};
    case wire::Pair::Step::kConfirm: return access::PairingConfirm{};
    case wire::Pair::Step::kRefuse: break;
  }
  return access::PairingRefuse{refusal_of(message.reason)};
}

wire::Pair message_of(const access::PairingStep& step) {
  if (const auto* commit = std::get_if<access::PairingCommit>(&step)) {
    return {.step = wire::Pair::Step::kCommit, .value = commit->commitment};
  }
  if (const auto* reveal = std::get_if<access::PairingReveal>(&step)) {
    return {.step = wire::Pair::Step::kReveal, .value = reveal->nonce};
  }
  if (const auto* refuse = std::get_if<access::PairingRefuse>(&step)) {
    return {.step = wire::Pair::Step::kRefuse, .reason = std::string(to_string(refuse->why))};
  }
  return {.step = wire::Pair::Step::kConfirm};
}

}  // namespace essaim::node
