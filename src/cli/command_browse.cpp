#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/labels.hpp"
#include "cli/table.hpp"

namespace essaim::cli {
namespace {

using node::EntryView;
using node::Outcome;

using Entries = std::vector<EntryView>;

// All pages of one folder, or of a peer's shares.
Outcome<Entries> list_all(Session& session, node::ListRequest request) {
  Entries entries;
  for (;;) {
    Outcome<node::EntryPage> page = session.node().list(request);
    if (!page) return fail(page.error());
    for (EntryView& entry : page->entries) entries.push_back(std::move(entry));
    if (!page->cursor) return entries;
    request.cursor = std::move(page->cursor);
  }
}

// What everyone near shares. A peer that does not answer is told of, and left out.
Outcome<Entries> list_peers(Context& context, Session& session) {
  const Outcome<std::vector<node::PeerView>> peers = session.node().peers();
  if (!peers) return fail(peers.error());
  Entries entries;
  for (const node::PeerView& peer : *peers) {
    if (!peer.online) continue;
    node::ListRequest request;
    request.peer = peer.peer_id.text;
    Outcome<Entries> shares = list_all(session, std::move(request));
    if (!shares && shares.error().code == node::FailureCode::kInterrupted) return shares;
    if (!shares) {
      static_cast<void>(context.output.complain(shares.error()));
      continue;
    }
    for (EntryView& entry : *shares) entries.push_back(std::move(entry));
  }
  return entries;
}

// "PEER", "PEER/PATH"; a '/' at the end says nothing more.
node::ListRequest list_request(std::string place) {
  while (place.ends_with('/')) place.pop_back();
  const std::size_t slash = place.find('/');
  node::ListRequest request;
  request.peer = place.substr(0, slash);
  if (slash != std::string::npos) request.path = place.substr(slash + 1);
  return request;
}

void show(Output& output, const Entries& entries) {
  output.print_json(api::to_json(entries));
  Table table({{"SIZE", Align::kRight}, {"MODIFIED"}, {"NAME"}});
  const std::vector<std::string> labels = entry_labels(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool sized = entries[i].kind == node::EntryKind::kFile || entries[i].kind == node::EntryKind::kTree;
    table.add({sized ? human_bytes(entries[i].size) : "", human_time(entries[i].mtime), labels[i]});
  }
  output.print(table.text());
}

}  // namespace

ExitCode run(const LsOptions& options, Context& context) {
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  (*session)->let_it_discover();
  const Outcome<Entries> entries =
      options.place.empty() ? list_peers(context, **session) : list_all(**session, list_request(options.place));
  if (!entries) return context.output.complain(entries.error());
  show(context.output, *entries);
  if (entries->empty()) context.output.note(options.place.empty() ? "Nobody near shares anything." : "It is empty.");
  return ExitCode::kDone;
}

ExitCode run(const SearchOptions& options, Context& context) {
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  (*session)->let_it_discover();
  node::SearchRequest request;
  request.words = options.words;
  const Outcome<Entries> found = (*session)->node().search(request);
  if (!found) return context.output.complain(found.error());
  show(context.output, *found);
  if (found->empty()) context.output.note("Nobody near has anything like that.");
  return ExitCode::kDone;
}

}  // namespace essaim::cli
