#include <string>
#include <vector>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/labels.hpp"
#include "cli/table.hpp"
#include "cli/watch.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;
using node::PeerView;

std::string peers_page(const std::vector<PeerView>& peers) {
  Table table({{"NAME", Align::kLeft, 30},
               {"ID", Align::kLeft, 36},
               {"ADDRESS", Align::kLeft, 50},
               {"TRUST"},
               {"SHARES", Align::kRight},
               {"LINE"},
               {"SEEN", Align::kRight}});
  for (const PeerView& peer : peers) {
    table.add({peer.name, short_id(peer), peer.addresses.empty() ? "" : peer.addresses.front(),
               peer.not_the ? "another key" : peer.trust, peer.shares ? std::to_string(*peer.shares) : "?",
               peer.level == 0 ? "classic" : "encrypted",
               peer.online ? "now" : human_duration(peer.seen_seconds_ago) + " ago"});
  }
  return table.text();
}

// Who bears a name that is another's.
void warn(Output& output, const std::vector<PeerView>& peers) {
  for (const PeerView& peer : peers) {
    if (!peer.not_the) continue;
    output.note(fmt::format(
        "This \"{0}\" ({1}) is not the one known by that name ({2}): somebody may be posing as it. If it has a new key "
        "for a good reason, `essaim forget {2}` gives the name free.",
        printable(peer.name), printable(peer.peer_id.text), printable(peer.not_the->text)));
  }
}

}  // namespace

ExitCode run(const PeersOptions& options, Context& context) {
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  (*session)->let_it_discover();
  const auto ask = [&session] { return (*session)->node().peers(); };
  if (options.watch) {
    Watch watch;
    watch.about = "peer";
    watch.page = [&ask]() -> Outcome<std::string> {
      const auto peers = ask();
      if (!peers) return fail(peers.error());
      return peers_page(*peers);
    };
    watch.events = [&ask, &context]() -> Outcome<void> {
      const auto peers = ask();
      if (!peers) return fail(peers.error());
      for (const PeerView& peer : *peers) context.output.print_json(event_document("peer", api::to_json(peer)));
      return {};
    };
    return follow(context, **session, watch);
  }
  const Outcome<std::vector<PeerView>> peers = ask();
  if (!peers) return context.output.complain(peers.error());
  context.output.print_json(api::to_json(*peers));
  context.output.print(peers_page(*peers));
  warn(context.output, *peers);
  if (peers->empty()) context.output.note("Nobody is near. `essaim doctor` looks for the reason.");
  return ExitCode::kDone;
}

}  // namespace essaim::cli
