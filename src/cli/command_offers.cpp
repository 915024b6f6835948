#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/paths.hpp"
#include "cli/table.hpp"

namespace essaim::cli {
namespace {

using node::OfferState;
using node::OfferView;
using node::Outcome;

constexpr std::chrono::milliseconds kLookAgainEvery{1000};

bool is_over(const OfferView& offer) {
  return offer.state != OfferState::kWaiting && offer.state != OfferState::kAccepted;
}

std::string what_of(const OfferView& offer) {
  std::string names;
  for (const node::OfferItemView& item : offer.items) names += (names.empty() ? "" : ", ") + item.name;
  return names;
}

std::string inbox_page(const std::vector<OfferView>& offers) {
  Table table({{"ID"},
               {"FROM", Align::kLeft, 30},
               {"STATE"},
               {"SIZE", Align::kRight},
               {"FILES", Align::kRight},
               {"WHEN"},
               {"WHAT", Align::kLeft, 60}});
  for (const OfferView& offer : offers) {
    table.add({offer.id, offer.peer, std::string(to_string(offer.state)), human_bytes(offer.size),
               std::to_string(offer.files), human_time(offer.created), what_of(offer)});
  }
  return table.text();
}

// "17 of 20 have it".
std::string having_it(const OfferView& offer) {
  const auto done = std::ranges::count(offer.recipients, OfferState::kDone, &node::OfferRecipientView::state);
  return fmt::format("{} of {} have it", done, offer.recipients.size());
}

std::string sent_page(const std::vector<OfferView>& offers) {
  Table table(
      {{"ID"}, {"TO", Align::kLeft, 30}, {"STATE"}, {"SIZE", Align::kRight}, {"WHEN"}, {"WHAT", Align::kLeft, 60}});
  for (const OfferView& offer : offers) {
    for (const node::OfferRecipientView& to : offer.recipients) {
      const bool not_near = to.state == OfferState::kWaiting && !to.reached;
      table.add({offer.id, to.name, not_near ? "not near" : std::string(to_string(to.state)), human_bytes(offer.size),
                 human_time(offer.created), what_of(offer)});
    }
  }
  return table.text();
}

// What has changed for each of those it goes to, a line each.
void tell_changes(Output& output, const OfferView& before, const OfferView& now) {
  for (const node::OfferRecipientView& to : now.recipients) {
    const auto then = std::ranges::find(before.recipients, to.peer_id, &node::OfferRecipientView::peer_id);
    if (then != before.recipients.end() && then->state == to.state && then->reached == to.reached) continue;
    if (to.state == OfferState::kWaiting) {
      output.note(fmt::format("{} is asked.", printable(to.name)));
    } else if (to.state == OfferState::kDone) {
      output.note(fmt::format("{} has it ({}).", printable(to.name), having_it(now)));
    } else {
      output.note(fmt::format("{}: {}.", printable(to.name), to_string(to.state)));
    }
  }
}

ExitCode code_of(const OfferView& offer) {
  const auto in = [&](OfferState state) {
    return std::ranges::find(offer.recipients, state, &node::OfferRecipientView::state) != offer.recipients.end();
  };
  if (in(OfferState::kFailed)) return ExitCode::kFailed;
  return in(OfferState::kDeclined) ? ExitCode::kRefused : ExitCode::kDone;
}

// Until everybody has answered and has it, or Ctrl-C.
ExitCode see_through(Context& context, Session& session, OfferView offer) {
  while (!is_over(offer) && !context.interrupt.asked()) {
    const auto event = session.client().next_event(kLookAgainEvery);
    if (!event && !context.interrupt.asked()) return context.output.complain(event.error());
    if (!event || !*event || (*event)->kind != "offer") continue;
    const auto news = api::from_json<OfferView>((*event)->data);
    if (!news || news->id != offer.id) continue;
    tell_changes(context.output, offer, *news);
    context.output.print_json(event_document("offer", api::to_json(*news)));
    offer = *news;
  }
  return is_over(offer) ? code_of(offer) : ExitCode::kInterrupted;
}

}  // namespace

ExitCode run(const SendOptions& options, Context& context) {
  const auto session = Session::find_or_start(context, options.settings);
  if (!session) return context.output.complain(session.error());
  const Outcome<void> following = (*session)->client().subscribe();
  if (!following) return context.output.complain(following.error());
  node::SendRequest request{.paths = {}, .peers = options.peers};
  for (const std::string& path : options.paths) request.paths.push_back(absolute_path(path, context.working_folder));
  const Outcome<OfferView> offer = (*session)->node().send(request);
  if (!offer) return context.output.complain(offer.error());
  context.output.print_json(event_document("offer", api::to_json(*offer)));
  context.output.print(fmt::format("Offer {}: {} to {}.\n", offer->id, printable(what_of(*offer)),
                                   counted(offer->recipients.size(), "peer")));
  if (!(*session)->is_own() && !options.wait) {
    context.output.note("`essaim inbox --sent` shows what becomes of it.");
    return ExitCode::kDone;
  }
  return see_through(context, **session, *offer);
}

ExitCode run(const InboxOptions& options, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  Outcome<std::vector<OfferView>> offers = (*session)->node().offers();
  if (!offers) return context.output.complain(offers.error());
  std::erase_if(*offers, [&](const OfferView& offer) { return offer.incoming == options.sent; });
  context.output.print_json(api::to_json(*offers));
  context.output.print(options.sent ? sent_page(*offers) : inbox_page(*offers));
  if (offers->empty()) context.output.note(options.sent ? "You have sent nothing." : "Nobody has sent you anything.");
  return ExitCode::kDone;
}

ExitCode run(const AcceptOptions& options, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  node::AcceptRequest request{.offer = options.id, .dest = std::nullopt};
  if (options.dest) request.dest = absolute_path(*options.dest, context.working_folder);
  const Outcome<OfferView> offer = (*session)->node().accept(request);
  if (!offer) return context.output.complain(offer.error());
  context.output.print_json(api::to_json(*offer));
  context.output.note(fmt::format("Fetching {} from {}; `essaim transfers` shows how far it is.",
                                  printable(what_of(*offer)), printable(offer->peer)));
  return ExitCode::kDone;
}

ExitCode run(const RefuseOptions& options, Context& context) {
  const auto session = Session::find(context);
  if (!session) return context.output.complain(session.error());
  ExitCode code = ExitCode::kDone;
  for (const std::string& id : options.ids) {
    const bool theirs = options.verb == RefuseOptions::Verb::kDecline;
    const Outcome<OfferView> offer = theirs ? (*session)->node().decline(id) : (*session)->node().withdraw(id);
    if (!offer) {
      code = context.output.complain(offer.error());
      continue;
    }
    context.output.print_json(api::to_json(*offer));
    context.output.note(fmt::format("{}: {}.", offer->id, to_string(offer->state)));
  }
  return code;
}

}  // namespace essaim::cli
