#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/table.hpp"
#include "cli/watch.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;
using node::TransferView;

std::string kept_until(const TransferView& transfer) {
  if (!transfer.expires) return "";
  return human_time(UnixNanos{std::chrono::nanoseconds(std::chrono::seconds(*transfer.expires)).count()});
}

std::string transfers_page(const std::vector<TransferView>& transfers) {
  Table table({{"ID"},
               {"STATE"},
               {"DONE", Align::kRight},
               {"SIZE", Align::kRight},
               {"SPEED", Align::kRight},
               {"LEFT", Align::kRight},
               {"LIMIT", Align::kRight},
               {"KEPT UNTIL"},
               {"NAME", Align::kLeft, 60},
               {"NOTE"}});
  for (const TransferView& transfer : transfers) {
    const bool runs = transfer.state == node::TransferState::kRunning;
    table.add({transfer.id, std::string(to_string(transfer.state)), human_bytes(transfer.bytes_done),
               human_bytes(transfer.bytes_total), runs ? human_rate(transfer.bytes_per_second) : "",
               runs && transfer.seconds_left ? human_duration(*transfer.seconds_left) : "",
               transfer.limit ? human_rate(static_cast<double>(*transfer.limit)) : "", kept_until(transfer),
               transfer.name, transfer.failure ? transfer.failure->message : ""});
  }
  return table.text();
}

Outcome<TransferView> steer(api::RemoteNode& node, const SteerOptions& options, const std::string& id) {
  switch (options.verb) {
    case SteerOptions::Verb::kPause: return node.pause(id);
    case SteerOptions::Verb::kResume: return node.resume(id);
    case SteerOptions::Verb::kFirst: return node.put_first(id);
    case SteerOptions::Verb::kLimit: return node.set_limit(id, options.bytes_per_second);
    case SteerOptions::Verb::kCancel: return node.cancel(id);
  }
  return node.transfer(id);
}

}  // namespace

ExitCode run(const TransfersOptions& options, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  const auto ask = [&session] { return (*session)->node().transfers(); };
  if (options.watch) {
    Watch watch;
    watch.about = "transfer";
    watch.page = [&ask]() -> Outcome<std::string> {
      const auto transfers = ask();
      if (!transfers) return fail(transfers.error());
      return transfers_page(*transfers);
    };
    watch.events = [&ask, &context]() -> Outcome<void> {
      const auto transfers = ask();
      if (!transfers) return fail(transfers.error());
      for (const TransferView& view : *transfers)
        context.output.print_json(event_document("transfer", api::to_json(view)));
      return {};
    };
    return follow(context, **session, watch);
  }
  const Outcome<std::vector<TransferView>> transfers = ask();
  if (!transfers) return context.output.complain(transfers.error());
  context.output.print_json(api::to_json(*transfers));
  context.output.print(transfers_page(*transfers));
  if (transfers->empty()) context.output.note("Nothing is being downloaded.");
  return ExitCode::kDone;
}

ExitCode run(const SteerOptions& options, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  ExitCode code = ExitCode::kDone;
  for (const std::string& id : options.ids) {
    const Outcome<TransferView> transfer = steer((*session)->node(), options, id);
    if (!transfer) {
      code = context.output.complain(transfer.error());
      continue;
    }
    context.output.print_json(api::to_json(*transfer));
    context.output.note(fmt::format("{} {}: {}", transfer->id, printable(transfer->name), to_string(transfer->state)));
  }
  return code;
}

}  // namespace essaim::cli
