#include <string>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "cli/browser_start.hpp"
#include "cli/commands.hpp"

namespace essaim::cli {

ExitCode run(const WebOptions& options, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  const node::Outcome<api::PageTicket> ticket = (*session)->node().page_ticket();
  if (!ticket) return context.output.complain(ticket.error());
  boost::json::object document;
  document["url"] = ticket->url;
  document["seconds"] = ticket->seconds;
  if (options.print || context.output.json()) {
    context.output.print_json(document);
    context.output.print(ticket->url + "\n");
    return ExitCode::kDone;
  }
  if (start_browser(ticket->url)) {
    context.output.note("The page is opened in your browser.");
    return ExitCode::kDone;
  }
  context.output.note("No browser could be started (xdg-open). Open this address yourself, within five minutes:");
  context.output.print(ticket->url + "\n");
  return ExitCode::kDone;
}

}  // namespace essaim::cli
