// Offers made to us. Nothing of one touches the disk before it is accepted, by a person or by a rule of theirs.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "access/offer_rules.hpp"
#include "node/facade.hpp"
#include "node/offer_book.hpp"
#include "node/sessions.hpp"

namespace essaim::node {

// Belongs to the control thread.
class Inbox {
 public:
  struct Parts {
    boost::asio::any_io_executor control;
    Sessions& sessions;
    OfferBook& book;
    Log& log;
    access::OfferRules rules;
    std::string dest;                        // where downloads go
    std::optional<std::string> rule_folder;  // where those go that a rule accepts
    std::function<access::Viewer(const PeerId&)> viewer_of;
    std::function<Answer<TransferView>(GetRequest)> get;
    std::function<void(const std::string& transfer_id)> cancel;
    std::function<void(const OfferView&)> arrived;  // one that a person is to be asked about
    std::function<UnixNanos()> now;
  };
  explicit Inbox(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] Answer<OfferView> accept(AcceptRequest request);
  [[nodiscard]] Outcome<OfferView> decline(const std::string& id);

  // `id`: of the message, to be answered with it.
  void on_offer(const Session& session, std::uint64_t id, const wire::Offer& offer);
  void on_withdrawn(const Session& session, const wire::Answer& answer);
  void on_transfer(const TransferView& transfer);
  // The peer gets to know what it could not be told.
  void on_session_opened(const PeerId& maker);

  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  [[nodiscard]] access::OfferVerdict judge(const storage::OfferRecord& offer) const;
  void follow_rule(const storage::OfferRecord& offer);
  [[nodiscard]] Expected<storage::OfferRecord*, Failure> find_waiting(const std::string& id);
  [[nodiscard]] access::OfferFacts facts_about(const PeerId& maker, std::uint64_t bytes) const;
  [[nodiscard]] Outcome<void> check_room(const std::string& folder, const storage::OfferRecord& offer) const;
  [[nodiscard]] Answer<OfferView> take(storage::OfferId id, std::optional<std::string> folder);
  [[nodiscard]] boost::asio::awaitable<void> take_by_rule(storage::OfferId id);
  // Puts the state down, and tells the maker as soon as it can be told.
  void settle(storage::OfferRecord& offer, storage::OfferStage state);
  void tell(storage::OfferRecord& offer);

  Parts parts_;
  std::uint64_t refused_ = 0;
};

}  // namespace essaim::node
