#include "node/node.hpp"

#include <algorithm>
#include <random>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/defence.hpp"
#include "node/failures.hpp"
#include "node/wall_clock.hpp"
#include "transport/clock.hpp"
#include "transport/first_byte.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

std::optional<std::uint64_t> limit_of(std::uint64_t bytes_per_second) {
  return bytes_per_second == 0 ? std::nullopt : std::optional(bytes_per_second);
}

std::optional<std::chrono::seconds> days_of(unsigned days) {
  return days == 0 ? std::nullopt : std::optional<std::chrono::seconds>(std::chrono::days(days));
}

bool is_port_of_our_kind(std::uint16_t port) {
  return port >= transport::kListenPort && port < transport::kListenPort + transport::kListenPortsTried;
}

}  // namespace

Outcome<std::unique_ptr<Node>> Node::create(asio::io_context& control, Config config, Log& log,
                                            storage::IndexPoolOptions hashing) {
  auto ground = lay_ground(control, std::move(config), log);
  if (!ground) return fail(ground.error());
  (*ground)->hashing = std::move(hashing);
  std::unique_ptr<Node> node(new Node(control, std::move(*ground), log));
  if (auto started = node->start(); !started) return fail(started.error());
  return node;
}

Node::Node(asio::io_context& control, std::unique_ptr<Ground> ground, Log& log)
    : control_(control),
      log_(log),
      ground_(std::move(ground)),
      seed_(random_seed()),
      began_(std::chrono::steady_clock::now()),
      acquaintances_(ground_->catalogue.peers(), log),
      events_(control.get_executor()),
      sessions_(control.get_executor(), *ground_->lanes, ground_->tls, log),
      neighbourhood_({.control = control.get_executor(),
                      .log = log,
                      .self = ground_->tls.peer_id(),
                      .name = ground_->config.name,
                      .port = ground_->listener->port(),
                      .seed = seed_,
                      .beacon = {.discovery_port = ground_->config.discovery_port,
                                 .own_port = ground_->listener->port(),
                                 .interfaces = ground_->config.interfaces,
                                 .also_to = ground_->announce_to},
                      .classic = ground_->config.classic,
                      .has_proved = [this](const PeerId& peer) { return acquaintances_.has_met(peer); }},
                     [this](const discovery::PeerEvent& event) { on_peer_event(event); }),
      library_({.control = control.get_executor(),
                .home = ground_->home,
                .catalogue = ground_->catalogue,
                .log = log,
                .classic = ground_->config.classic,
                .hashing = ground_->hashing},
               {.changed = [this](const ShareView& share) { on_share(share); },
                .gone =
                    [this](const std::string& name) {
                      events_.publish(ShareGone{name});
                      offers_out_.on_share_gone(name);
                    },
                .rev_changed =
                    [this] {
                      neighbourhood_.set_rev(library_.rev());
                      classic_server_.push_lists();
                    }}),
      contents_(library_, fetches_),
      uploads_(control.get_executor(), sessions_, library_, contents_,
               [this](const Session& session) { return viewer_of(session.peer); },
               {.bytes_per_second = limit_of(ground_->config.up_bytes_per_second)}),
      peer_server_({.sessions = sessions_,
                    .shared = library_,
                    .contents = contents_,
                    .fetches = fetches_,
                    .uploads = uploads_,
                    .viewer_of = [this](const Session& session) { return viewer_of(session.peer); }}),
      classic_client_(control.get_executor(), *ground_->lanes, ground_->tls.peer_id()),
      browser_({.control = control.get_executor(),
                .sessions = sessions_,
                .neighbourhood = neighbourhood_,
                .acquaintances = acquaintances_,
                .classic = classic_client_}),
      classic_server_({.control = control.get_executor(),
                       .self = ground_->tls.peer_id(),
                       .shared = library_,
                       .neighbourhood = neighbourhood_,
                       .browser = browser_,
                       .uploads = uploads_,
                       .has_proved = [this](const PeerId& peer) { return acquaintances_.has_met(peer); },
                       .enabled = ground_->config.classic}),
      transfers_({.control = control.get_executor(),
                  .sessions = sessions_,
                  .fetches = fetches_,
                  .browser = browser_,
                  .classic = classic_client_,
                  .catalogue = ground_->catalogue,
                  .log = log,
                  .lanes = ground_->lanes->count(),
                  .dest = ground_->config.dest,
                  .bytes_per_second = limit_of(ground_->config.down_bytes_per_second),
                  .keep_unfinished = days_of(ground_->config.keep_unfinished_days),
                  .at_once = ground_->config.downloads_at_once,
                  .seed = seed_,
                  .changed = [this](const TransferView& transfer) { on_transfer(transfer); },
                  .keep = keeper(),
                  .own = [this](const ContentId& id) { return library_.open_own(id); },
                  .own_chunks = [this](std::span<const Leaf> wanted) { return library_.own_chunks(wanted); },
                  .owns_something = [this] { return library_.owns_something(); },
                  .reading_folder = ground_->home.path() + "/reading",
                  .readers_of = [this](const ContentId& id) { return readers_.count(id); }}),
      readers_({.control = control.get_executor(),
                .shared = library_,
                .fetches = fetches_,
                .coming = [this](const ContentId& id) { return transfers_.name_of_coming(id); }}),
      pairings_({.control = control.get_executor(),
                 .self = ground_->tls.peer_id(),
                 .sessions = sessions_,
                 .browser = browser_,
                 .now = transport::now,
                 .changed = [this](const PairingView& pairing) { on_pairing(pairing); },
                 .paired = [this](const PeerId& peer) { on_paired(peer); }}),
      offer_book_(ground_->catalogue.offers(), log,
                  [this](const OfferView& offer) { events_.publish(OfferChanged{offer}); }),
      offers_out_({.control = control.get_executor(),
                   .sessions = sessions_,
                   .browser = browser_,
                   .shared = library_,
                   .book = offer_book_,
                   .now = wall_clock}),
      inbox_({.control = control.get_executor(),
              .sessions = sessions_,
              .book = offer_book_,
              .log = log,
              .rules = ground_->config.offers,
              .dest = ground_->config.dest,
              .rule_folder = ground_->config.accept_into,
              .viewer_of = [this](const PeerId& peer) { return viewer_of(peer); },
              .get = [this](GetRequest request) { return transfers_.get(std::move(request)); },
              .cancel =
                  [this](const std::string& id) {
                    asio::post(control_, [this, id] { static_cast<void>(transfers_.cancel(id)); });
                  },
              .arrived = [this](const OfferView& offer) { show(offer); },
              .now = wall_clock}),
      drops_({.dest = ground_->config.dest,
              .share = [this](ShareRequest request) { return share(std::move(request)); }}) {}

std::function<asio::awaitable<void>(FinishedDownload)> Node::keeper() {
  if (!ground_->config.reshare) return nullptr;
  return [this](FinishedDownload download) { return library_.keep(std::move(download)); };
}

Node::~Node() {
  // Whatever still runs on a lane must end before the parts it tells of things.
  library_.stop();
  ground_->lanes->stop();
}

Outcome<void> Node::start() {
  if (auto known = acquaintances_.start(wall_clock()); !known) return known;
  if (auto read = offer_book_.start(); !read) return read;
  sessions_.start(session_hooks());
  if (auto started = library_.start(); !started) return started;
  const auto restart = ground_->config.finish_downloads ? Transfers::Restart::kGoOn : Transfers::Restart::kRemember;
  if (auto started = transfers_.start(restart); !started) return started;
  ground_->listener->start([this](transport::Accepted accepted) { welcome(std::move(accepted)); });
  if (auto started = neighbourhood_.start(); !started) return started;
  neighbourhood_.set_rev(library_.rev());
  return {};
}

void Node::welcome(transport::Accepted accepted) {
  const SessionId id = sessions_.new_id();
  const auto lane = accepted.lane.executor();
  asio::co_spawn(lane, answer_door(std::move(accepted), id, sessions_.hello_frame()), asio::detached);
}

// On the connection's lane.
asio::awaitable<void> Node::answer_door(transport::Accepted accepted, SessionId id, Bytes hello) {
  // One deadline for all of it: who takes nine seconds for its first byte has one left for the rest.
  const Instant now = transport::now();
  const Instant open_by = defended(Defence::kOpenDeadline) ? now + kSessionOpenTimeMax : now + std::chrono::hours(1);
  const auto level = co_await transport::peek_level(accepted.socket, open_by);
  if (!level || !*level) co_return;
  if (**level == wire::Level::kClassic) {
    const ClassicServer::Door door{.connection = id, .remote = accepted.remote, .open_by = open_by};
    auto talk = classic_server_.converse(std::move(accepted.socket), door, std::move(accepted.ticket));
    co_return co_await std::move(talk);
  }
  const auto session = sessions_.make_accepted(accepted.lane, id, std::move(hello));
  session->accept({.socket = std::move(accepted.socket),
                   .remote = accepted.remote,
                   .ticket = std::move(accepted.ticket),
                   .open_by = open_by});
}

Sessions::Hooks Node::session_hooks() {
  return {.admits = [this](const PeerId& peer) { return acquaintances_.trust_of(peer) != access::Trust::kBlocked; },
          .opened = [this](const Session& session) { on_session_opened(session); },
          .closed =
              [this](const Session& session, transport::NetError reason) {
                log_.debug("session with {} ended: {}", session.hello.name, to_string(reason));
                uploads_.on_session_closed(session.id);
                peer_server_.on_session_closed(session.id);
                fetches_.on_session_closed(session.id);
                pairings_.on_session_closed(session.peer);
                neighbourhood_.on_session_closed(session.peer);
              },
          .message = [this](const Session& session, const wire::Envelope& envelope,
                            const Bytes& payload) { on_message(session, envelope, payload); },
          .chunks = [this](SessionId /*session*/,
                           const std::vector<ChunkOutcome>& outcomes) { fetches_.on_chunks(outcomes); },
          .served = [this](SessionId /*session*/,
                           const std::vector<ServeOutcome>& outcomes) { uploads_.on_served(outcomes); },
          .hello =
              [this] {
                return wire::Hello{.name = ground_->config.name,
                                   .version = "essaim",
                                   .rev = library_.rev(),
                                   .port = ground_->listener->port()};
              }};
}

void Node::on_session_opened(const Session& session) {
  const Endpoint listening{session.remote.address, session.hello.port};
  neighbourhood_.on_session_opened(session.peer, listening,
                                   {.level = wire::Level::kPeer, .name = session.hello.name, .rev = session.hello.rev});
  acquaintances_.on_met(
      {.peer = session.peer, .name = session.hello.name, .address = listening.text(), .when = wall_clock()});
  inbox_.on_session_opened(session.peer);
  offers_out_.on_peer_near(session.peer);
}

void Node::on_message(const Session& session, const wire::Envelope& envelope, ByteView payload) {
  if (peer_server_.on_message(session, envelope)) return;
  if (const auto* have = std::get_if<wire::Have>(&envelope.message)) return fetches_.on_have(session, *have, payload);
  if (const auto* offer = std::get_if<wire::Offer>(&envelope.message)) {
    return inbox_.on_offer(session, envelope.id.value_or(0), *offer);
  }
  if (const auto* answer = std::get_if<wire::Answer>(&envelope.message)) return on_answer(session, *answer);
  if (const auto* step = std::get_if<wire::Pair>(&envelope.message)) return pairings_.on_message(session, *step);
  if (const auto* others = std::get_if<wire::Swarm>(&envelope.message)) return on_swarm(*others);
  if (std::holds_alternative<wire::Goodbye>(envelope.message)) {
    neighbourhood_.on_session_goodbye(session.peer);
    session.link->finish();
  }
}

void Node::on_peer_event(const discovery::PeerEvent& event) {
  if (event.kind == discovery::PeerEvent::Kind::kProbe) return probe(event.peer_id);
  const discovery::NearPeer* peer = neighbourhood_.table().find(event.peer_id);
  if (peer == nullptr) browser_.forget(event.peer_id);
  if (event.kind == discovery::PeerEvent::Kind::kGone || peer == nullptr) {
    events_.publish(PeerGone{event.peer_id});
  } else {
    events_.publish(PeerChanged{view(*peer)});
    if (event.kind == discovery::PeerEvent::Kind::kAppeared) offers_out_.on_peer_near(event.peer_id);
  }
}

void Node::probe(const PeerId& peer) {
  dial_unasked(peer, neighbourhood_.table().addresses_to_dial(peer), [](SessionId) {});
}

void Node::on_swarm(const wire::Swarm& others) {
  if (!fetches_.is_fetching(others.file_id)) return;
  for (const wire::SwarmPeer& peer : others.peers) {
    if (peer.peer_id == ground_->tls.peer_id()) continue;
    const auto meet = [this, content = others.file_id](SessionId session) { fetches_.meet(session, content); };
    if (const Session* session = sessions_.find_peer(peer.peer_id)) {
      meet(session->id);
    } else {
      dial_unasked(peer.peer_id, peer.addresses, meet);
    }
  }
}

void Node::dial_unasked(const PeerId& peer, std::vector<Endpoint> addresses, std::function<void(SessionId)> then) {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(probes_, [&](auto when) { return now - when >= std::chrono::seconds(1); });
  if (defended(Defence::kUnaskedDialPort)) {
    std::erase_if(addresses, [](const Endpoint& address) { return !is_port_of_our_kind(address.port); });
  }
  // Each address counts: what one datagram or one SWARM names may be eight doors of strangers.
  if (defended(Defence::kUnaskedDialRate)) {
    const std::size_t left = kProbesPerSecondMax - std::min(probes_.size(), kProbesPerSecondMax);
    if (addresses.size() > left) {
      dials_withheld_ += addresses.size() - left;
      addresses.resize(left);
    }
  }
  if (stopping_ || addresses.empty()) return;
  probes_.insert(probes_.end(), addresses.size(), now);
  auto connecting = [](Sessions& sessions, PeerId id, std::vector<Endpoint> at, auto met) -> asio::awaitable<void> {
    const auto session = co_await sessions.connect(std::move(id), std::move(at));
    if (session) met(*session);
  };
  asio::co_spawn(control_, connecting(sessions_, peer, std::move(addresses), std::move(then)), asio::detached);
}

access::Viewer Node::viewer_of(const PeerId& peer) const {
  return {.proven = peer, .trust = acquaintances_.trust_of(peer)};
}

void Node::on_share(const ShareView& share) {
  events_.publish(ShareChanged{share});
  offers_out_.on_share(share);
}

void Node::on_transfer(const TransferView& transfer) {
  events_.publish(TransferChanged{transfer});
  inbox_.on_transfer(transfer);
}

Answer<TransferView> Node::get(GetRequest request) {
  if (ground_->sandbox && request.dest && !ground_->sandbox->may_write(*request.dest)) {
    co_return fail(outside_sandbox(*request.dest));
  }
  co_return co_await transfers_.get(std::move(request));
}

Answer<ShareView> Node::unshare(std::string name_or_path) { co_return library_.unshare(name_or_path); }
Answer<TransferView> Node::pause(std::string transfer_id) { co_return transfers_.pause(transfer_id); }
Answer<TransferView> Node::resume(std::string transfer_id) { co_return transfers_.resume(transfer_id); }
Answer<TransferView> Node::put_first(std::string transfer_id) { co_return transfers_.put_first(transfer_id); }
Answer<TransferView> Node::set_limit(std::string transfer_id, std::optional<std::uint64_t> bytes_per_second) {
  co_return transfers_.set_limit(transfer_id, bytes_per_second);
}
Answer<TransferView> Node::cancel(std::string transfer_id) { co_return transfers_.cancel(transfer_id); }

void Node::request_stop() {
  if (std::exchange(stopping_, true)) return;
  asio::co_spawn(control_, stop(), asio::detached);
}

asio::awaitable<void> Node::stop() {
  ground_->listener->stop();
  neighbourhood_.stop();
  co_await transfers_.stop();
  readers_.stop();
  pairings_.stop();
  drops_.stop();
  library_.stop();
  co_await sessions_.stop(kStopTimeMax);
  events_.close();
  for (const auto& handler : stopped_handlers_) handler();
  // What still waits (a peer's half-open connection, an answer that will not come) goes with the loop.
  asio::post(control_, [this] { control_.stop(); });
}

}  // namespace essaim::node
