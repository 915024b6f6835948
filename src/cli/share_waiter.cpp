#include "cli/share_waiter.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "api/views_json.hpp"
#include "base/text.hpp"
#include "cli/human.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;
using node::ShareView;

constexpr std::chrono::milliseconds kLookAgainEvery{2000};

bool is_settled(const ShareView& share) { return share.link.has_value() || share.state == node::ShareState::kMissing; }

// Takes over what is new about those of `shares` that `news` tells of.
void update(std::vector<ShareView>& shares, const ShareView& news) {
  const auto found = std::ranges::find(shares, news.name, &ShareView::name);
  if (found != shares.end()) *found = news;
}

std::string hashing_line(const std::vector<ShareView>& shares) {
  const auto busy = std::ranges::find_if_not(shares, is_settled);
  if (busy == shares.end()) return {};
  return fmt::format("hashing {}  {} of {}", printable(busy->name), human_bytes(busy->bytes_hashed),
                     human_bytes(std::max(busy->size, busy->bytes_hashed)));
}

}  // namespace

Outcome<std::vector<ShareView>> share_all(Session& session, const std::vector<node::ShareRequest>& requests) {
  std::vector<ShareView> shares;
  for (const node::ShareRequest& request : requests) {
    Outcome<ShareView> share = session.node().share(request);
    if (!share) return fail(share.error());
    shares.push_back(std::move(*share));
  }
  return shares;
}

Outcome<std::vector<ShareView>> wait_for_links(Context& context, Session& session, std::vector<ShareView> shares) {
  while (!std::ranges::all_of(shares, is_settled)) {
    context.output.draw(hashing_line(shares));
    const auto event = session.client().next_event(kLookAgainEvery);
    if (!event) return fail(event.error());
    const bool told = *event && (*event)->kind == "share";
    if (const auto news = told ? api::from_json<ShareView>((*event)->data) : std::nullopt) update(shares, *news);
    if (*event && (*event)->kind != api::kResetEvent) continue;
    const Outcome<std::vector<ShareView>> all = session.node().shares();
    if (!all) return fail(all.error());
    for (const ShareView& share : *all) update(shares, share);
  }
  context.output.draw("");
  return shares;
}

}  // namespace essaim::cli
