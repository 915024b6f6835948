// A whole node: every part, built in the order of its dependencies.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "access/audience.hpp"
#include "base/log.hpp"
#include "node/acquaintances.hpp"
#include "node/browser.hpp"
#include "node/classic_client.hpp"
#include "node/classic_server.hpp"
#include "node/config.hpp"
#include "node/contents.hpp"
#include "node/drops.hpp"
#include "node/facade.hpp"
#include "node/inbox.hpp"
#include "node/library.hpp"
#include "node/neighbourhood.hpp"
#include "node/offers_out.hpp"
#include "node/pairings.hpp"
#include "node/peer_server.hpp"
#include "node/readers.hpp"
#include "node/sandbox.hpp"
#include "node/sessions.hpp"
#include "node/transfers.hpp"
#include "node/uploads.hpp"
#include "storage/catalogue.hpp"
#include "storage/home.hpp"
#include "transport/lane.hpp"
#include "transport/listener.hpp"
#include "transport/tls_context.hpp"

namespace essaim::node {

// Dials that nobody asked for (to see whether an announced change is true): at most this many a second, and only to
// ports that our own kind listens on, so that nobody can make us knock on strangers' doors.
inline constexpr std::size_t kProbesPerSecondMax = 4;
// How long a clean stop waits for sessions to say goodbye.
inline constexpr std::chrono::seconds kStopTimeMax{3};

class Node final : public Facade {
 public:
  // The node is reachable when this answers; it works as soon as `control` runs. `control` and `log` outlive it;
  // once it is destroyed, `control` is not run any more, since what waits there would look for it.
  [[nodiscard]] static Outcome<std::unique_ptr<Node>> create(boost::asio::io_context& control, Config config, Log& log,
                                                             storage::IndexPoolOptions hashing = {});
  ~Node() override;

  // What status() shows of a page that somebody else serves for this node. Before `control` runs.
  void set_page_address(std::string address) { page_address_ = std::move(address); }

  // Called on the control thread, once, when a clean stop has ended. The control loop then runs out of work.
  void on_stopped(std::function<void()> handler) { stopped_handlers_.push_back(std::move(handler)); }

  [[nodiscard]] boost::asio::any_io_executor executor() override { return control_.get_executor(); }
  [[nodiscard]] EventLog& events() override { return events_; }
  [[nodiscard]] StatusView status() const override;
  [[nodiscard]] std::vector<PeerView> peers() const override;
  [[nodiscard]] std::vector<ShareView> shares() const override { return library_.views(); }
  [[nodiscard]] std::vector<TransferView> transfers() const override { return transfers_.views(); }
  [[nodiscard]] std::optional<TransferView> transfer(const std::string& id) const override {
    return transfers_.view(id);
  }
  [[nodiscard]] std::optional<TransferMapView> transfer_map(const std::string& id) const override {
    return transfers_.map(id);
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> metrics() const override;

  [[nodiscard]] Answer<ShareView> share(ShareRequest request) override;
  [[nodiscard]] Answer<ShareView> unshare(std::string name_or_path) override;
  [[nodiscard]] Answer<std::string> begin_drop() override { return drops_.begin(); }
  [[nodiscard]] Answer<std::shared_ptr<IncomingFile>> add_to_drop(DropFileRequest request) override {
    return drops_.add(std::move(request));
  }
  [[nodiscard]] Answer<ShareView> share_drop(std::string id, std::string audience) override {
    return drops_.share(std::move(id), std::move(audience));
  }
  [[nodiscard]] Answer<void> discard_drop(std::string id) override { return drops_.discard(std::move(id)); }
  [[nodiscard]] Answer<EntryPage> list(ListRequest request) override { return browser_.list(std::move(request)); }
  [[nodiscard]] Answer<std::vector<EntryView>> search(SearchRequest request) override {
    return browser_.search(std::move(request));
  }
  [[nodiscard]] Answer<TransferView> get(GetRequest request) override;
  [[nodiscard]] Answer<TransferView> pause(std::string transfer_id) override;
  [[nodiscard]] Answer<TransferView> resume(std::string transfer_id) override;
  [[nodiscard]] Answer<TransferView> put_first(std::string transfer_id) override;
  [[nodiscard]] Answer<TransferView> set_limit(std::string transfer_id,
                                               std::optional<std::uint64_t> bytes_per_second) override;
  [[nodiscard]] Answer<TransferView> cancel(std::string transfer_id) override;
  [[nodiscard]] Answer<std::shared_ptr<ContentStream>> read(ContentId id) override { return readers_.open(id); }
  [[nodiscard]] Answer<PeerView> set_trust(std::string peer, access::Trust trust) override;
  [[nodiscard]] Answer<PeerView> forget(std::string peer) override;
  [[nodiscard]] Answer<PairingView> pair(std::string peer) override;
  [[nodiscard]] Answer<PairingView> confirm_pairing(std::string peer) override;
  [[nodiscard]] Answer<PairingView> reject_pairing(std::string peer) override;
  [[nodiscard]] std::vector<PairingView> pairings() const override { return pairings_.views(); }
  [[nodiscard]] Answer<OfferView> send(SendRequest request) override;
  [[nodiscard]] std::vector<OfferView> offers() const override { return offer_book_.views(); }
  [[nodiscard]] Answer<OfferView> accept(AcceptRequest request) override;
  [[nodiscard]] Answer<OfferView> decline(std::string offer_id) override;
  [[nodiscard]] Answer<OfferView> withdraw(std::string offer_id) override;
  [[nodiscard]] Answer<std::vector<DoctorLine>> doctor() override;
  void request_stop() override;

 private:
  // What must exist before the parts that can't fail are made.
  struct Ground {
    Config config;
    storage::Home home;
    storage::HomeLock lock;
    storage::Catalogue catalogue;
    transport::TlsContext tls;
    std::unique_ptr<transport::Lanes> lanes;
    std::unique_ptr<transport::Listener> listener;
    std::vector<Endpoint> announce_to;
    std::optional<Sandbox> sandbox;  // if the process shut itself in
    storage::IndexPoolOptions hashing;
  };
  [[nodiscard]] static Outcome<std::unique_ptr<Ground>> lay_ground(boost::asio::io_context& control, Config config,
                                                                   Log& log);
  Node(boost::asio::io_context& control, std::unique_ptr<Ground> ground, Log& log);

  [[nodiscard]] Outcome<void> start();
  void welcome(transport::Accepted accepted);
  [[nodiscard]] boost::asio::awaitable<void> answer_door(transport::Accepted accepted, SessionId id, Bytes hello);
  [[nodiscard]] Sessions::Hooks session_hooks();
  void on_session_opened(const Session& session);
  void on_message(const Session& session, const wire::Envelope& envelope, ByteView payload);
  void on_swarm(const wire::Swarm& others);
  void on_peer_event(const discovery::PeerEvent& event);
  void probe(const PeerId& peer);
  void dial_unasked(const PeerId& peer, std::vector<Endpoint> addresses, std::function<void(SessionId)> then);
  [[nodiscard]] std::function<boost::asio::awaitable<void>(FinishedDownload)> keeper();
  [[nodiscard]] PeerView view(const discovery::NearPeer& peer) const;
  [[nodiscard]] PeerView view_of(const PeerId& peer) const;
  // A peer that a person speaks of.
  struct Named {
    PeerId id;
    std::string name;  // as it calls itself
  };
  [[nodiscard]] Answer<Named> named(std::string text);
  [[nodiscard]] Outcome<Named> known(const std::string& text) const;
  void on_pairing(const PairingView& pairing);
  void on_paired(const PeerId& peer);
  void show(const OfferView& offer) const;  // on the desktop
  void end_sessions_with(const PeerId& peer);
  [[nodiscard]] Answer<std::string> audience_of(std::string text);
  [[nodiscard]] access::Viewer viewer_of(const PeerId& peer) const;
  void on_answer(const Session& session, const wire::Answer& answer);
  void on_share(const ShareView& share);
  void on_transfer(const TransferView& transfer);
  [[nodiscard]] boost::asio::awaitable<void> stop();

  boost::asio::io_context& control_;
  Log& log_;
  std::unique_ptr<Ground> ground_;
  std::uint64_t seed_;
  std::chrono::steady_clock::time_point began_;
  Acquaintances acquaintances_;
  EventLog events_;
  Sessions sessions_;
  Neighbourhood neighbourhood_;
  Library library_;
  Fetches fetches_;
  Contents contents_;
  Uploads uploads_;
  PeerServer peer_server_;
  ClassicClient classic_client_;
  Browser browser_;
  ClassicServer classic_server_;
  Transfers transfers_;
  Readers readers_;
  Pairings pairings_;
  OfferBook offer_book_;
  OffersOut offers_out_;
  Inbox inbox_;
  Drops drops_;
  std::vector<std::chrono::steady_clock::time_point> probes_;  // of the last second
  std::uint64_t dials_withheld_ = 0;
  std::optional<std::string> page_address_;
  bool stopping_ = false;
  std::vector<std::function<void()>> stopped_handlers_;
};

}  // namespace essaim::node
