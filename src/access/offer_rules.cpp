#include "access/offer_rules.hpp"

#include "base/defence.hpp"

namespace essaim::access {
namespace {

bool within_quota(const OfferRules& rules, const OfferFacts& facts) {
  if (!defended(Defence::kOfferRuleSize)) return true;
  return facts.bytes <= rules.bytes_max && facts.accepted_bytes <= rules.quota_bytes &&
         facts.bytes <= rules.quota_bytes - facts.accepted_bytes;
}

}  // namespace

OfferVerdict judge_offer(const OfferRules& rules, const Viewer& maker, const OfferFacts& facts) {
  if (!rules.heard || !may_see(*rules.heard, maker)) return OfferVerdict::kRefuse;
  const bool accepted = rules.accepted && may_see(*rules.accepted, maker) && within_quota(rules, facts);
  if (accepted) return OfferVerdict::kAccept;
  const bool full = facts.waiting_of_peer >= kOffersWaitingPerPeerMax || facts.waiting >= kOffersWaitingMax;
  return full && defended(Defence::kOffersWaiting) ? OfferVerdict::kBusy : OfferVerdict::kAsk;
}

}  // namespace essaim::access
