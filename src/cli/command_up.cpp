#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/news.hpp"
#include "cli/paths.hpp"
#include "cli/share_report.hpp"
#include "cli/share_waiter.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;

constexpr std::chrono::milliseconds kStopCheckEvery{20};
constexpr std::chrono::hours kNewsPatience{1};

void report_ready(Output& output, const node::StatusView& status) {
  boost::json::object document;
  document["peer_id"] = status.peer_id.text;
  document["port"] = status.port;
  document["discovery_port"] = status.discovery_port;
  document["home"] = status.home;
  if (status.web)
    document["web"] = *status.web;
  else
    document["web"] = nullptr;
  output.print_json(event_document("ready", document));
  output.print(fmt::format("ready {} tcp {} udp {} home {}{}\n", status.peer_id.text, status.port,
                           status.discovery_port, printable(status.home), status.web ? " web " + *status.web : ""));
}

// Where a person looks on, who can click.
void invite(Output& output, const Outcome<api::PageTicket>& ticket) {
  if (ticket)
    output.note(
        fmt::format("Open the page (good for {} minutes, later: essaim web): {}", ticket->seconds / 60, ticket->url));
}

Outcome<std::vector<node::ShareRequest>> requests_of(const UpOptions& options, const Context& context) {
  std::vector<node::ShareRequest> requests;
  for (const std::string& path : options.paths) {
    node::ShareRequest& request = requests.emplace_back();
    request.path = absolute_path(path, context.working_folder);
    std::error_code error;
    if (std::filesystem::exists(request.path, error)) continue;
    return fail(node::Failure{node::FailureCode::kNotFound, fmt::format("There is nothing at {}.", request.path)});
  }
  return requests;
}

// Shares what is to be shared, says that all is ready, and tells the links as they become known.
Outcome<void> begin(Context& context, Session& session, const std::vector<node::ShareRequest>& requests) {
  const Outcome<void> following = session.client().subscribe();
  if (!following) return following;
  const auto shares = share_all(session, requests);
  if (!shares) return fail(shares.error());
  const Outcome<node::StatusView> status = session.node().status();
  if (!status) return fail(status.error());
  report_ready(context.output, *status);
  if (status->web && context.output.screen().out_is_terminal) invite(context.output, session.node().page_ticket());
  const auto hashed = wait_for_links(context, session, *shares);
  if (!hashed) return fail(hashed.error());
  for (const node::ShareView& share : *hashed) report_shared(context.output, share);
  return {};
}

// Until Ctrl-C, or until the node has been stopped through the API.
void tell_news(Context& context, Session& session) {
  News news(context.output);
  while (!context.interrupt.asked()) {
    const auto event = session.client().next_event(kNewsPatience);
    if (!event) return;
    if (*event) news.take(**event);
  }
}

}  // namespace

ExitCode run(const UpOptions& options, Context& context) {
  const auto requests = requests_of(options, context);
  if (!requests) return context.output.complain(requests.error());
  node::Settings settings = options.settings;
  if (settings.dest) settings.dest = absolute_path(*settings.dest, context.working_folder);
  if (settings.accept_into) settings.accept_into = absolute_path(*settings.accept_into, context.working_folder);
  settings.finish_downloads = true;
  settings.notices = true;
  for (const node::ShareRequest& request : *requests) settings.sandbox_paths.push_back(request.path);
  settings.shows_page = true;
  const auto session = Session::start(context, settings);
  if (!session) return context.output.complain(session.error());
  const Outcome<void> begun = begin(context, **session, *requests);
  // Ctrl-C, or a stop through the API, may come while files are still being hashed.
  if (!begun && !context.interrupt.asked() && (*session)->client().reachable()) {
    return context.output.complain(begun.error());
  }
  tell_news(context, **session);
  (*session)->serve();
  (*session)->stop();
  return ExitCode::kDone;
}

ExitCode run(const StopOptions&, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  const Outcome<void> asked = (*session)->node().request_stop();
  if (!asked && asked.error().code == node::FailureCode::kInterrupted) return context.output.complain(asked.error());
  const auto deadline = std::chrono::steady_clock::now() + kStopPatience;
  while ((*session)->client().reachable() && !context.interrupt.asked()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return context.output.complain({node::FailureCode::kFailed, "The node has been asked to stop, but still runs."});
    }
    context.interrupt.run_until([&context] { return context.interrupt.asked(); }, kStopCheckEvery);
  }
  context.output.note("The node has stopped.");
  return ExitCode::kDone;
}

}  // namespace essaim::cli
