#include "cli/news.hpp"

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/human.hpp"

namespace essaim::cli {

void News::take(const api::StreamEvent& event) {
  if (event.kind == "offer") take_offer(event.data);
  if (event.kind == "pairing") take_pairing(event.data);
}

void News::take_offer(const boost::json::value& data) {
  const auto offer = api::from_json<node::OfferView>(data);
  if (!offer || !offer->incoming) return;
  output_.print_json(event_document("offer", api::to_json(*offer)));
  if (offer->state != node::OfferState::kWaiting || !offers_told_.insert(offer->id).second) return;
  const std::string first = offer->items.empty() ? "" : offer->items.front().name;
  const std::string more = offer->items.size() > 1 ? fmt::format(" and {} more", offer->items.size() - 1) : "";
  output_.note(fmt::format("{} offers you {}{} ({}). `essaim accept {}` takes it, `essaim decline {}` does not.",
                           printable(offer->peer), printable(first), more, human_bytes(offer->size), offer->id,
                           offer->id));
}

void News::take_pairing(const boost::json::value& data) {
  const auto pairing = api::from_json<node::PairingView>(data);
  if (!pairing || !pairing->incoming || pairing->state != node::PairingState::kComparing) return;
  output_.print_json(event_document("pairing", api::to_json(*pairing)));
  output_.note(fmt::format("{} wants to pair. `essaim pair {}` shows the digits to compare.", printable(pairing->name),
                           printable(pairing->name)));
}

}  // namespace essaim::cli
