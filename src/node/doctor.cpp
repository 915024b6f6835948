// The part of Node that says why something does not work: each line a finding, with what to do about it.
#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "node/node.hpp"
#include "storage/sandbox.hpp"
#include "transport/clock.hpp"
#include "transport/dialer.hpp"
#include "transport/tls_stream.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kSeenLately{60};
constexpr std::chrono::seconds kSelfTestTimeMax{2};

// On a lane: can a connection to our own port prove that it is us?
asio::awaitable<Expected<void, transport::NetError>> knock(const transport::TlsContext& tls, std::uint16_t port) {
  auto socket = co_await transport::dial(co_await asio::this_coro::executor, {IpAddress::v4(127, 0, 0, 1), port},
                                         kSelfTestTimeMax);
  if (!socket) co_return fail(socket.error());
  transport::TlsStream stream(std::move(*socket), tls, transport::TlsStream::Role::kClient, tls.peer_id());
  stream.set_deadline(transport::now() + kSelfTestTimeMax);
  const auto peer = co_await stream.handshake();
  if (!peer) co_return fail(peer.error());
  co_return Expected<void, transport::NetError>();
}

DoctorLine interface_line(const transport::InterfaceReport& report) {
  std::vector<std::string> addresses;
  for (const transport::InterfaceAddress& address : report.interface.v4) {
    addresses.push_back(fmt::format("{}/{}", address.address.text(), address.prefix_bits));
  }
  if (report.interface.link_local_v6) addresses.push_back(report.interface.link_local_v6->text());
  DoctorLine line{
      .check = "interface " + report.interface.name,
      .finding = fmt::format("announced on {} ({} datagrams sent)", fmt::join(addresses, ", "), report.datagrams_sent)};
  if (report.failing) {
    line.verdict = Verdict::kProblem;
    line.finding = fmt::format("announcing on {} fails: {}", fmt::join(addresses, ", "), report.last_error.message());
    line.advice = "Check that the interface has a network behind it, and that a firewall here lets UDP out.";
  }
  return line;
}

}  // namespace

Answer<std::vector<DoctorLine>> Node::doctor() {
  std::vector<DoctorLine> lines;
  const StatusView now = status();
  lines.push_back({.check = "identity", .finding = now.name + ", id " + now.peer_id.text + ", in " + now.home});

  DoctorLine sandbox{.check = "sandbox", .finding = "off: the node can reach all that its user can"};
  if (ground_->sandbox) sandbox.finding = "on: the node reaches what it shares, its home, and where downloads go";
  if (!ground_->sandbox && storage::sandbox_version() == 0) sandbox.finding = "off: this kernel has no Landlock";
  lines.push_back(std::move(sandbox));

  auto knocking = knock(ground_->tls, now.port);
  const auto knocked =
      co_await asio::co_spawn(ground_->lanes->next().executor(), std::move(knocking), asio::use_awaitable);
  DoctorLine tcp{.check = "tcp port", .finding = fmt::format("{} answers, encrypted, as this peer", now.port)};
  if (!knocked) {
    tcp.verdict = Verdict::kProblem;
    tcp.finding = fmt::format("{} does not answer on this machine: {}", now.port, to_string(knocked.error()));
    tcp.advice = "Start the node anew; if it stays so, choose another port with --port.";
  }
  lines.push_back(std::move(tcp));

  const transport::BeaconCounters& counters = neighbourhood_.beacon().counters();
  lines.push_back({.check = "udp port",
                   .finding = fmt::format("{}: {} announcements heard, {} sent; answers come to {}", now.discovery_port,
                                          counters.received, counters.sent, neighbourhood_.beacon().own_port())});
  const auto interfaces = neighbourhood_.beacon().interfaces();
  bool network = false;
  for (const transport::InterfaceReport& report : interfaces) {
    lines.push_back(interface_line(report));
    network |= !report.interface.loopback;
  }
  if (!network) {
    lines.push_back({.check = "network",
                     .verdict = Verdict::kProblem,
                     .finding = "no network interface is up, so only peers on this machine can be found",
                     .advice = "Plug in a cable or join a Wi-Fi network; the node notices by itself."});
  }

  std::size_t seen = 0;
  for (const PeerView& peer : peers()) {
    if (!peer.online || peer.seen_seconds_ago > static_cast<double>(kSeenLately.count())) continue;
    ++seen;
    lines.push_back(
        {.check = "peer " + (peer.name.empty() ? peer.peer_id.text.substr(0, 8) : peer.name),
         .finding = fmt::format("{} at {}, last heard by {}", peer.level == 1 ? "encrypted" : "classic (plain text)",
                                peer.addresses.empty() ? "?" : peer.addresses.front(), peer.seen_by)});
  }
  if (seen == 0) {
    lines.push_back({.check = "peers",
                     .verdict = Verdict::kHint,
                     .finding = "nobody was heard in the last minute",
                     .advice = fmt::format(
                         "Is another peer running on the same network, with the same discovery port? A firewall "
                         "must let in UDP {} and TCP {} (on Debian: ufw allow {}/udp, ufw allow {}/tcp). Some "
                         "access points keep their clients apart (\"AP isolation\"): switch that off, or name the "
                         "other machine with --peer HOST:{}.",
                         now.discovery_port, now.port, now.discovery_port, now.port, now.discovery_port)});
  }
  co_return lines;
}

}  // namespace essaim::node
