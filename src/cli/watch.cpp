#include "cli/watch.hpp"

#include <chrono>
#include <optional>

#include "api/event_stream.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;

constexpr std::chrono::milliseconds kRedrawEvery{500};

ExitCode ended(Context& context, const node::Failure& failure) {
  // Ctrl-C is how a watch ends well.
  return context.interrupt.asked() ? ExitCode::kDone : context.output.complain(failure);
}

Outcome<void> tell(Context& context, const Watch& watch, const api::StreamEvent& event) {
  if (event.kind == api::kResetEvent) return watch.events();
  if (!event.kind.starts_with(watch.about) || !event.data.is_object()) return {};
  context.output.print_json(event_document(event.kind, event.data.get_object()));
  return {};
}

ExitCode follow_events(Context& context, Session& session, const Watch& watch) {
  for (;;) {
    const auto event = session.client().next_event(kRedrawEvery);
    if (!event) return ended(context, event.error());
    if (!*event) continue;
    const Outcome<void> told = tell(context, watch, **event);
    if (!told) return ended(context, told.error());
  }
}

ExitCode follow_pages(Context& context, Session& session, const Watch& watch) {
  std::string shown;
  for (;;) {
    const Outcome<std::string> page = watch.page();
    if (!page) return ended(context, page.error());
    if (context.output.can_draw_page()) {
      context.output.draw_page(*page);
    } else if (*page != shown) {
      context.output.print(*page);
    }
    shown = *page;
    // By the clock and not by events: what a page says of speeds and ages changes without one.
    context.interrupt.run_until([&context] { return context.interrupt.asked(); }, kRedrawEvery);
    if (context.interrupt.asked() || !session.client().reachable()) return ExitCode::kDone;
  }
}

}  // namespace

ExitCode follow(Context& context, Session& session, const Watch& watch) {
  if (!context.output.json()) return follow_pages(context, session, watch);
  const Outcome<void> following = session.client().subscribe();
  if (!following) return ended(context, following.error());
  return follow_events(context, session, watch);
}

}  // namespace essaim::cli
