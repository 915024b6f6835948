#include "swarm/types.hpp"

namespace essaim::swarm {

std::string_view to_string(DropReason reason) {
  switch (reason) {
    case DropReason::kLiar: return "sent bytes that are not what they should be";
    case DropReason::kUseless: return "does not have what it says it has";
    case DropReason::kTooMany: return "there are enough sources";
  }
  return "unknown";
}

std::string_view to_string(FailReason reason) {
  switch (reason) {
    case FailReason::kBadHash: return "wrong bytes";
    case FailReason::kNotFound: return "not found";
    case FailReason::kChanged: return "the file has changed";
    case FailReason::kBusy: return "busy";
    case FailReason::kTimeout: return "no answer in time";
    case FailReason::kClosed: return "the connection ended";
    case FailReason::kDisk: return "our disk did not take it";
  }
  return "unknown";
}

std::string_view to_string(StallReason reason) {
  switch (reason) {
    case StallReason::kPaused: return "paused";
    case StallReason::kDisk: return "the disk does not take what arrives";
    case StallReason::kNoSources: return "nobody who has it is here";
    case StallReason::kNobodyHas: return "nobody who is here has what is missing";
    case StallReason::kAllSilent: return "nobody answers";
    case StallReason::kBeingRead: return "being read";
  }
  return "unknown";
}

}  // namespace essaim::swarm
