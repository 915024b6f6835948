// Offers of ours: what we would like others to have.
#pragma once
#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "node/browser.hpp"
#include "node/facade.hpp"
#include "node/library.hpp"
#include "node/offer_book.hpp"
#include "node/sessions.hpp"

namespace essaim::node {

// How long an offer waits for what it offers to be hashed; then it is made all the same, and completed later.
inline constexpr std::chrono::milliseconds kOfferHashedWaitMax{1000};

// Belongs to the control thread.
//
// What is offered is shared with those it is offered to, so that each fetches it like anything else, from the others
// too. A share that was made for an offer ends when each of them has it or does not want it.
class OffersOut {
 public:
  struct Recipient {
    PeerId id;
    std::string name;
    access::Trust trust = access::Trust::kStranger;
  };
  struct Parts {
    boost::asio::any_io_executor control;
    Sessions& sessions;
    Browser& browser;
    Library& shared;
    OfferBook& book;
    std::function<UnixNanos()> now;
  };
  explicit OffersOut(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Outcome<OfferView> send(const std::vector<std::string>& paths, const std::vector<Recipient>& to);
  [[nodiscard]] Outcome<OfferView> withdraw(const std::string& id);

  void on_answer(const Session& session, const wire::Answer& answer);
  // Who has been asked about something that was not hashed then gets to know what it is.
  void on_share(const ShareView& share);
  // What is not shared any more is not offered any more.
  void on_share_gone(const std::string& name);
  // Whom an offer has not reached yet is asked now.
  void on_peer_near(const PeerId& peer);

 private:
  using Delivery = std::pair<storage::OfferId, PeerId>;

  [[nodiscard]] Outcome<storage::OfferItem> offer_share(const std::string& path, const std::vector<Recipient>& to);
  [[nodiscard]] Outcome<ShareView> open_to(const ShareView& share, const std::vector<Recipient>& to);
  void withdraw(storage::OfferRecord& offer);
  void deliver(storage::OfferId offer, const PeerId& peer);
  [[nodiscard]] boost::asio::awaitable<void> deliver_to(storage::OfferId offer, PeerId peer);
  [[nodiscard]] boost::asio::awaitable<void> wait_until_hashed(storage::OfferId offer);
  // As what is offered is by now; answers whether it was so before.
  bool refresh(storage::OfferRecord& offer) const;
  void end_shares(storage::OfferRecord& offer);
  [[nodiscard]] bool offered_elsewhere(const storage::OfferRecord& offer, const std::string& share);

  Parts parts_;
  std::set<Delivery> delivering_;
};

}  // namespace essaim::node
