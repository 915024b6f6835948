// A step of a pairing, as it stands on the wire.
#pragma once
#include "access/pairing.hpp"
#include "wire/messages_people.hpp"

namespace essaim::node {

// A refusal for a reason that this version does not know is kDifferent.
[[nodiscard]] access::PairingStep step_of(const wire::Pair& message);
[[nodiscard]] wire::Pair message_of(const access::PairingStep& step);

}  // namespace essaim::node
