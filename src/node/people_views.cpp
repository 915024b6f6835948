#include "node/people_views.hpp"

namespace essaim::node {

std::string_view to_string(PairingState state) {
  switch (state) {
    case PairingState::kComparing: return "comparing";
    case PairingState::kConfirmed: return "confirmed";
    case PairingState::kDone: return "done";
    case PairingState::kFailed: return "failed";
  }
  return "failed";
}

std::string_view to_string(OfferState state) {
  switch (state) {
    case OfferState::kWaiting: return "waiting";
    case OfferState::kAccepted: return "accepted";
    case OfferState::kDone: return "done";
    case OfferState::kDeclined: return "declined";
    case OfferState::kWithdrawn: return "withdrawn";
    case OfferState::kFailed: return "failed";
  }
  return "failed";
}

}  // namespace essaim::node
