// The part of Node that shows itself: status, peers, metrics.
#include <algorithm>

#include "access/proquint.hpp"
#include "base/version.hpp"
#include "node/node.hpp"
#include "transport/clock.hpp"

namespace essaim::node {
namespace {

double seconds_since(Instant then) { return std::chrono::duration<double>(transport::now() - then).count(); }

}  // namespace

StatusView Node::status() const {
  return {.peer_id = ground_->tls.peer_id(),
          .words = access::words_of(ground_->tls.peer_id()),
          .name = ground_->config.name,
          .version = std::string(kVersion),
          .home = ground_->config.home,
          .dest = ground_->config.dest,
          .port = ground_->listener->port(),
          .discovery_port = ground_->config.discovery_port,
          .classic = ground_->config.classic,
          .web = page_address_,
          .uptime_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(),
          .peers_online = neighbourhood_.table().online(),
          .shares = library_.count(),
          .transfers_running = transfers_.running(),
          .bytes_sent = uploads_.bytes_sent(),
          .bytes_received = fetches_.bytes_received()};
}

PeerView Node::view(const discovery::NearPeer& peer) const {
  PeerView view{.peer_id = peer.peer_id,
                .name = peer.name,
                .level = peer.level == wire::Level::kPeer ? 1 : 0,
                .online = peer.online,
                .trust = std::string(to_string(acquaintances_.trust_of(peer.peer_id))),
                .not_the = acquaintances_.known_by_name(peer.peer_id, peer.name),
                .shares = browser_.shares_seen(peer.peer_id)};
  for (const discovery::PeerAddress& address : peer.addresses.list()) view.addresses.push_back(address.endpoint.text());
  if (peer.sessions > 0) {
    view.seen_by = "session";
  } else if (peer.heard) {
    view.seen_by = to_string(peer.heard->from.path);
    view.seen_seconds_ago = seconds_since(peer.heard->at);
  }
  return view;
}

std::vector<PeerView> Node::peers() const {
  std::vector<PeerView> views;
  for (const discovery::NearPeer& peer : neighbourhood_.table().all()) views.push_back(view(peer));
  for (const storage::PeerRecord& peer : acquaintances_.judged()) {
    if (neighbourhood_.table().find(peer.id) == nullptr) views.push_back(view_of(peer.id));
  }
  return views;
}

PeerView Node::view_of(const PeerId& peer) const {
  if (const discovery::NearPeer* near = neighbourhood_.table().find(peer)) return view(*near);
  PeerView view{.peer_id = peer, .level = 1, .trust = std::string(to_string(acquaintances_.trust_of(peer)))};
  if (const storage::PeerRecord* record = acquaintances_.find(peer)) {
    view.name = record->name;
    view.addresses = record->addresses;
    const auto ago = std::chrono::system_clock::now().time_since_epoch() -
                     std::chrono::nanoseconds(static_cast<std::int64_t>(record->last_seen));
    view.seen_seconds_ago = std::max(0.0, std::chrono::duration<double>(ago).count());
  }
  return view;
}

std::vector<std::pair<std::string, std::uint64_t>> Node::metrics() const {
  const transport::BeaconCounters& beacon = neighbourhood_.beacon().counters();
  const NeighbourhoodCounters& heard = neighbourhood_.counters();
  std::vector<std::pair<std::string, std::uint64_t>> metrics{
      {"announcements_bad_total", heard.announcements_bad},
      {"announcements_dropped_total", heard.announcements_dropped},
      {"announcements_taken_total", heard.announcements_taken},
      {"answers_sent_total", heard.answers_sent},
      {"chunks_sent_total", uploads_.chunks_sent()},
      {"classic_refused_total", classic_server_.refused()},
      {"connections_evicted_total", ground_->listener->gate().evicted()},
      {"connections_turned_away_total", ground_->listener->gate().turned_away()},
      {"datagrams_foreign_total", beacon.foreign},
      {"datagrams_received_total", beacon.received},
      {"datagrams_send_errors_total", beacon.send_errors},
      {"datagrams_sent_total", beacon.sent},
      {"datagrams_too_long_total", beacon.too_long},
      {"dials_withheld_total", dials_withheld_},
      {"frames_refused_total", sessions_.lane_counters().frames_refused.load()},
      {"messages_refused_total", sessions_.lane_counters().messages_refused.load()},
      {"payload_received_bytes_total", fetches_.bytes_received()},
      {"payload_sent_bytes_total", uploads_.bytes_sent()},
      {"peers_online", neighbourhood_.table().online()},
      {"questions_put_off_total", peer_server_.put_off()},
      {"sessions", sessions_.count()},
      {"sessions_cut_total", sessions_.lane_counters().sessions_cut.load()},
      {"sessions_refused_total", sessions_.refused()},
      {"shares", library_.count()},
      {"transfers_running", transfers_.running()},
  };
  std::ranges::sort(metrics);
  return metrics;
}

}  // namespace essaim::node
