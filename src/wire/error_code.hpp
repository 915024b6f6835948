// The codes of ERROR messages, at both levels: a closed list (docs/protocol.md, "Errors").
#pragma once
#include <string_view>

namespace essaim::wire {

enum class ErrorCode {
  kBadRequest,       // the message breaks this protocol's rules
  kUnsupported,      // a type, version or feature that this peer does not know
  kNotFound,         // not here, or not for you: the two are not told apart
  kChanged,          // the file is no longer what its id names
  kBusy,             // not now; the same question may be answered later
  kTooLarge,         // over a limit
  kUpgradeRequired,  // level 0 is switched off here, or this peer has shown that it can speak level 1
  kInternal,         // the fault is on the answering side
  kGoodbye,          // this peer is stopping
  kUnknown,          // a code from a later version; never sent
};

[[nodiscard]] std::string_view to_text(ErrorCode code);
// kUnknown for what is not on the list.
[[nodiscard]] ErrorCode error_code_from_text(std::string_view text);

}  // namespace essaim::wire
