// The calls of node::Facade, made through the API: the same questions and answers, but who asks waits.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/client.hpp"
#include "node/facade.hpp"

namespace essaim::api {

// The page's address with what lets one browser in, once.
struct PageTicket {
  std::string url;
  std::uint64_t seconds = 0;  // how long it is good for
};

class RemoteNode {
 public:
  // The client outlives it.
  explicit RemoteNode(Client& client) : client_(client) {}

  [[nodiscard]] node::Outcome<node::StatusView> status();
  [[nodiscard]] node::Outcome<std::vector<node::PeerView>> peers();
  [[nodiscard]] node::Outcome<std::vector<node::ShareView>> shares();
  [[nodiscard]] node::Outcome<std::vector<node::TransferView>> transfers();
  [[nodiscard]] node::Outcome<node::TransferView> transfer(const std::string& id);
  [[nodiscard]] node::Outcome<node::ShareView> share(const node::ShareRequest& request);
  [[nodiscard]] node::Outcome<node::ShareView> unshare(const std::string& name_or_path);
  [[nodiscard]] node::Outcome<node::EntryPage> list(const node::ListRequest& request);
  [[nodiscard]] node::Outcome<std::vector<node::EntryView>> search(const node::SearchRequest& request);
  [[nodiscard]] node::Outcome<node::TransferView> get(const node::GetRequest& request);
  [[nodiscard]] node::Outcome<node::TransferView> pause(const std::string& transfer_id);
  [[nodiscard]] node::Outcome<node::TransferView> resume(const std::string& transfer_id);
  [[nodiscard]] node::Outcome<node::TransferView> put_first(const std::string& transfer_id);
  [[nodiscard]] node::Outcome<node::TransferView> set_limit(const std::string& transfer_id,
                                                            std::optional<std::uint64_t> bytes_per_second);
  [[nodiscard]] node::Outcome<node::TransferView> cancel(const std::string& transfer_id);
  [[nodiscard]] node::Outcome<node::PeerView> set_trust(const std::string& peer, access::Trust trust);
  [[nodiscard]] node::Outcome<node::PeerView> forget(const std::string& peer);
  [[nodiscard]] node::Outcome<node::PairingView> pair(const std::string& peer);
  [[nodiscard]] node::Outcome<node::PairingView> confirm_pairing(const std::string& peer);
  [[nodiscard]] node::Outcome<node::PairingView> reject_pairing(const std::string& peer);
  [[nodiscard]] node::Outcome<std::vector<node::PairingView>> pairings();
  [[nodiscard]] node::Outcome<node::OfferView> send(const node::SendRequest& request);
  [[nodiscard]] node::Outcome<std::vector<node::OfferView>> offers();
  [[nodiscard]] node::Outcome<node::OfferView> accept(const node::AcceptRequest& request);
  [[nodiscard]] node::Outcome<node::OfferView> decline(const std::string& offer_id);
  [[nodiscard]] node::Outcome<node::OfferView> withdraw(const std::string& offer_id);
  [[nodiscard]] node::Outcome<std::vector<node::DoctorLine>> doctor();
  [[nodiscard]] node::Outcome<PageTicket> page_ticket();
  // Answers when the stop has begun.
  [[nodiscard]] node::Outcome<void> request_stop();

 private:
  Client& client_;
};

}  // namespace essaim::api
