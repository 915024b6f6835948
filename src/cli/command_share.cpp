#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/paths.hpp"
#include "cli/share_report.hpp"
#include "cli/share_waiter.hpp"
#include "cli/table.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;
using node::ShareView;

std::vector<node::ShareRequest> requests_of(const ShareOptions& options, const Context& context) {
  std::vector<node::ShareRequest> requests;
  for (const std::string& path : options.paths) {
    node::ShareRequest& request = requests.emplace_back();
    request.path = absolute_path(path, context.working_folder);
    request.name = options.name;
    request.audience = options.audience;
  }
  return requests;
}

Outcome<std::set<std::string>> shared_names(Session& session) {
  const Outcome<std::vector<ShareView>> shares = session.node().shares();
  if (!shares) return fail(shares.error());
  std::set<std::string> names;
  for (const ShareView& share : *shares) names.insert(share.name);
  return names;
}

// What a command shares in the foreground it shares for as long as it runs: what was not shared before is taken back.
void serve_until_interrupted(Context& context, Session& session, const std::vector<ShareView>& shares,
                             const std::set<std::string>& shared_before) {
  context.output.note(fmt::format("Sharing {}; press Ctrl-C to stop.", shares.size() == 1
                                                                           ? printable(shares.front().name)
                                                                           : counted(shares.size(), "path")));
  session.serve();
  for (const ShareView& share : shares) {
    if (!shared_before.contains(share.name)) static_cast<void>(session.node().unshare(share.name));
  }
}

std::string state_text(const ShareView& share) {
  std::string text(to_string(share.state));
  if (share.state != node::ShareState::kIndexing || share.size == 0) return text;
  return fmt::format(
      "{} {:.0f}%", text,
      std::min(100.0, 100.0 * static_cast<double>(share.bytes_hashed) / static_cast<double>(share.size)));
}

// Names for the ids of those who are near or known.
std::string audience_text(const ShareView& share, const std::vector<node::PeerView>& peers) {
  std::string text = share.audience;
  for (const node::PeerView& peer : peers) {
    const std::size_t at = text.find(peer.peer_id.text);
    if (at != std::string::npos && !peer.name.empty()) text.replace(at, peer.peer_id.text.size(), peer.name);
  }
  return text;
}

}  // namespace

ExitCode run(const ShareOptions& options, Context& context) {
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  const Outcome<std::set<std::string>> before = shared_names(**session);
  if (!before) return context.output.complain(before.error());
  const Outcome<void> following = (*session)->client().subscribe();
  if (!following) return context.output.complain(following.error());
  Outcome<std::vector<ShareView>> shares = share_all(**session, requests_of(options, context));
  if (shares) shares = wait_for_links(context, **session, std::move(*shares));
  if (!shares) return context.output.complain(shares.error());
  for (const ShareView& share : *shares) report_shared(context.output, share);
  if ((*session)->is_own()) serve_until_interrupted(context, **session, *shares, *before);
  return ExitCode::kDone;
}

ExitCode run(const UnshareOptions& options, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  // A name is looked for first; what has a '/' can only be a path.
  const bool is_path = options.name_or_path.find('/') != std::string::npos;
  const Outcome<ShareView> share = (*session)->node().unshare(
      is_path ? absolute_path(options.name_or_path, context.working_folder) : options.name_or_path);
  if (!share) return context.output.complain(share.error());
  context.output.print_json(api::to_json(*share));
  context.output.note(fmt::format("{} is not shared any more.", printable(share->name)));
  return ExitCode::kDone;
}

ExitCode run(const SharesOptions&, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  const Outcome<std::vector<ShareView>> shares = (*session)->node().shares();
  if (!shares) return context.output.complain(shares.error());
  const auto peers = (*session)->node().peers();
  context.output.print_json(api::to_json(*shares));
  Table table({{"NAME", Align::kLeft, 40},
               {"SIZE", Align::kRight},
               {"FILES", Align::kRight},
               {"STATE"},
               {"AUDIENCE", Align::kLeft, 30},
               {"PATH"}});
  for (const ShareView& share : *shares) {
    table.add({share.name, human_bytes(share.size), std::to_string(share.files), state_text(share),
               audience_text(share, peers.value_or(std::vector<node::PeerView>())), share.path});
  }
  context.output.print(table.text());
  if (shares->empty()) context.output.note("Nothing is shared. `essaim share PATH` shares something.");
  return ExitCode::kDone;
}

}  // namespace essaim::cli
