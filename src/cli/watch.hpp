// Shows something again whenever it changes, until Ctrl-C.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "cli/session.hpp"

namespace essaim::cli {

struct Watch {
  // Which events of the node are about it: "peer" for "peer" and "peer_gone".
  std::string_view about;
  // All of it as it is now: a page of text, and with --json an event for each thing.
  std::function<node::Outcome<std::string>()> page;
  std::function<node::Outcome<void>()> events;
};

// On a terminal the page is drawn over itself, at most twice a second; elsewhere it is written whenever it is another
// than before. With --json, what there is comes first, then every event as the node tells it.
[[nodiscard]] ExitCode follow(Context& context, Session& session, const Watch& watch);

}  // namespace essaim::cli
