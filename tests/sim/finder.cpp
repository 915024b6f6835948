#include "sim/finder.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "access/peer_id.hpp"

namespace essaim::sim {
namespace {

constexpr std::uint16_t kTcpPort = 5001;
constexpr std::uint16_t kUdpPort = 5000;

IpAddress address_of(HostId host) {
  const std::uint32_t number = std::to_underlying(host) + 1;
  return IpAddress::v4(10, 0, static_cast<std::uint8_t>(number / 256), static_cast<std::uint8_t>(number % 256));
}

HostId host_of(const IpAddress& address) {
  const std::size_t last = address.bytes.size() - 1;
  return HostId{address.bytes[last - 1] * 256U + address.bytes[last] - 1};
}

}  // namespace

PeerId peer_id_of(HostId host) {
  return access::peer_id_of_public_key(as_bytes("the key of host " + std::to_string(std::to_underlying(host))));
}

Endpoint endpoint_of(HostId host) { return {address_of(host), kTcpPort}; }

Finder::Finder(HostId self, Network& network, std::uint64_t seed, Instant now)
    : self_(self),
      network_(network),
      table_(peer_id_of(self), seed),
      schedule_(seed, now),
      gate_(seed),
      answers_(seed) {}

void Finder::on_datagram(HostId from, ByteView datagram, Instant now) {
  const DatagramSource source{.endpoint = {address_of(from), kUdpPort}, .path = DatagramPath::kBroadcast};
  if (!gate_.admit(source.endpoint, now)) return;
  const auto heard = discovery::parse_announcement(datagram);
  if (!heard) return;
  if (heard->ask && answers_.allow(source.endpoint, now)) {
    if (const auto answer = encode_answer(announcement(), datagram.size())) {
      network_.send_datagram(self_, from, *answer);
    }
  }
  note(table_.on_announcement(*heard, source, now), now);
}

void Finder::on_session_opened(HostId other, Instant now) {
  note(table_.on_session_opened(peer_id_of(other), endpoint_of(other), {.level = wire::Level::kPeer}, now), now);
}

void Finder::on_session_closed(HostId other, Instant now) {
  note(table_.on_session_closed(peer_id_of(other), wire::Level::kPeer, now), now);
}

void Finder::act(Instant now) {
  while (const auto form = schedule_.take_due(now)) {
    discovery::Announcement ours = announcement();
    ours.ask = *form == discovery::AnnounceForm::kAsk;
    network_.broadcast(self_, encode_announcement(ours));
  }
  note(table_.on_time(now), now);
}

Instant Finder::next_deadline() const {
  const Instant due = schedule_.next_deadline();
  const auto expiry = table_.next_deadline();
  return expiry ? std::min(due, *expiry) : due;
}

void Finder::note(const discovery::PeerEvents& /*events*/, Instant now) {
  schedule_.on_peer_count(table_.online(), now);
}

std::vector<HostId> Finder::near() const {
  std::vector<HostId> hosts;
  for (const discovery::NearPeer& peer : table_.all()) {
    const auto addresses = table_.addresses_to_dial(peer.peer_id);
    if (peer.online && !addresses.empty()) hosts.push_back(host_of(addresses.front().address));
  }
  return hosts;
}

void Finder::check_invariants() const {
  table_.check_invariants();
  schedule_.check_invariants();
}

discovery::Announcement Finder::announcement() const {
  return {.peer_id = peer_id_of(self_), .port = kTcpPort, .level = wire::Level::kPeer, .name = "simulated"};
}

}  // namespace essaim::sim
