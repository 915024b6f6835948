#include "sim/network.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/assert.hpp"
#include "swarm/rate.hpp"

namespace essaim::sim {

HostId Network::add(Host& host, LinkSpec link) {
  ports_.push_back(Port{.host = &host, .link = link});
  return HostId{static_cast<std::uint32_t>(ports_.size() - 1)};
}

void Network::set_up(HostId host) {
  port(host).up = true;
  // Whoever still thinks that it is connected is told that nobody knows of it here.
  for (const ConnectionId connection : connections_of(host)) close(connection);
}

void Network::set_down(HostId host, Farewell farewell) {
  port(host).up = false;
  for (const ConnectionId connection : connections_of(host)) {
    farewell == Farewell::kHangUp ? close(connection) : silence(connection);
  }
}

void Network::connect(HostId from, HostId to) {
  constexpr int kRoundTrips = 3;  // TCP, TLS
  clock_.after(2 * kRoundTrips * latency(from, to), [this, from, to] {
    if (!port(from).up || !port(to).up || !reachable(from, to)) return;
    const ConnectionId id{connections_.size()};
    auto connection = std::make_unique<Connection>();
    connection->pipes[0] = Pipe{.from = from, .to = to};
    connection->pipes[1] = Pipe{.from = to, .to = from};
    connections_.push_back(std::move(connection));
    port(from).host->on_connected(id, to);
    port(to).host->on_connected(id, from);
  });
}

void Network::send(ConnectionId id, HostId from, Parcel parcel) {
  Connection* connection = find(id);
  if (connection == nullptr) {
    if (parcel.on_gone) clock_.after(0s, std::move(parcel.on_gone));
    return;
  }
  Pipe& pipe = connection->from(from);
  (parcel.chunk ? pipe.chunks : pipe.frames).push_back(std::move(parcel));
  take_turn({id, from});
}

void Network::close(ConnectionId id) {
  const auto closed = std::exchange(connections_[static_cast<std::size_t>(id)], nullptr);
  if (!closed) return;
  for (Pipe& pipe : closed->pipes) {
    for (Parcel& parcel : pipe.chunks) {
      if (parcel.on_gone) clock_.after(0s, std::move(parcel.on_gone));
    }
    if (pipe.leaving && pipe.leaving->on_gone) clock_.after(0s, std::move(pipe.leaving->on_gone));
    clock_.after(latency(pipe.from, pipe.to), [this, id, host = pipe.from] {
      if (port(host).up) port(host).host->on_closed(id);
    });
  }
}

void Network::cut(HostId one, HostId other) {
  for (const ConnectionId connection : connections_of(one)) {
    if (find(connection)->joins(other)) close(connection);
  }
}

void Network::silence(ConnectionId id) {
  find(id)->silent = true;
  clock_.after(kSilenceMax, [this, id] { close(id); });
}

void Network::part(const std::vector<HostId>& island) {
  const std::uint32_t number = ++parts_;
  for (const HostId host : island) port(host).island = number;
  clock_.after(kSilenceMax, [this, number] {
    if (parts_ != number) return;
    for (std::size_t each = 0; each < connections_.size(); ++each) {
      const ConnectionId id{each};
      const Connection* connection = find(id);
      if (connection != nullptr && !reachable(connection->pipes[0].from, connection->pipes[0].to)) close(id);
    }
  });
}

void Network::heal() {
  ++parts_;
  for (Port& each : ports_) each.island = 0;
  for (std::size_t each = 0; each < connections_.size(); ++each) {
    if (connections_[each] == nullptr) continue;
    for (const Pipe& pipe : connections_[each]->pipes) take_turn({ConnectionId{each}, pipe.from});
  }
}

bool Network::reachable(HostId one, HostId other) const { return port(one).island == port(other).island; }

Network::Connection* Network::find(ConnectionId connection) {
  return connections_[static_cast<std::size_t>(connection)].get();
}

Duration Network::latency(HostId one, HostId other) const { return port(one).link.latency + port(other).link.latency; }

std::vector<ConnectionId> Network::connections_of(HostId host) const {
  std::vector<ConnectionId> found;
  for (std::size_t each = 0; each < connections_.size(); ++each) {
    if (connections_[each] != nullptr && connections_[each]->joins(host)) found.push_back(ConnectionId{each});
  }
  return found;
}

bool Network::may_send(const Connection& connection, const Pipe& pipe) const {
  const bool has_something = pipe.leaving || !pipe.frames.empty() || !pipe.chunks.empty();
  return has_something && !connection.silent && pipe.on_the_way < kSocketBytes && reachable(pipe.from, pipe.to);
}

// Puts the pipe into its sender's turns, if it has something to send and may.
void Network::take_turn(PipeRef ref) {
  Connection* connection = find(ref.connection);
  Pipe& pipe = connection->from(ref.from);
  if (pipe.queued || !may_send(*connection, pipe)) return;
  pipe.queued = true;
  port(ref.from).turns.push_back(ref);
  run_uplink(ref.from);
}

void Network::run_uplink(HostId host) {
  Port& sender = port(host);
  while (!sender.sending && !sender.turns.empty()) {
    const PipeRef ref = sender.turns.front();
    sender.turns.pop_front();
    Connection* connection = find(ref.connection);
    if (connection == nullptr) continue;
    Pipe& pipe = connection->from(host);
    pipe.queued = false;
    if (may_send(*connection, pipe)) send_segment(ref, pipe);
  }
}

void Network::send_segment(PipeRef ref, Pipe& pipe) {
  if (!pipe.leaving) {
    std::deque<Parcel>& next = pipe.frames.empty() ? pipe.chunks : pipe.frames;
    pipe.leaving = std::move(next.front());
    next.pop_front();
    pipe.unsent = pipe.leaving->bytes() + kOverheadBytes;
  }
  const std::uint64_t bytes = std::min(pipe.unsent, kSegmentBytes);
  pipe.on_the_way += bytes;
  Port& sender = port(ref.from);
  sender.sending = true;
  sender.bytes_sent += bytes;
  clock_.after(swarm::time_for(bytes, sender.link.up), [this, ref, bytes] {
    port(ref.from).sending = false;
    on_segment_left(ref, bytes);
    run_uplink(ref.from);
  });
}

void Network::on_segment_left(PipeRef ref, std::uint64_t bytes) {
  Connection* connection = find(ref.connection);
  if (connection == nullptr) return;
  Pipe& pipe = connection->from(ref.from);
  pipe.unsent -= bytes;
  std::optional<Parcel> whole;
  if (pipe.unsent == 0) {
    whole = std::exchange(pipe.leaving, std::nullopt);
    if (whole->on_gone) clock_.after(0s, std::exchange(whole->on_gone, nullptr));
  }
  take_turn(ref);
  Port& receiver = port(pipe.to);
  const Instant begins = std::max(clock_.now() + latency(pipe.from, pipe.to), receiver.receives_from);
  receiver.receives_from = begins + swarm::time_for(bytes, receiver.link.down);
  clock_.at(receiver.receives_from,
            [this, ref, bytes, whole = std::move(whole)] { on_segment_arrived(ref, bytes, whole); });
}

void Network::on_segment_arrived(PipeRef ref, std::uint64_t bytes, const std::optional<Parcel>& whole) {
  Connection* connection = find(ref.connection);
  if (connection == nullptr || connection->silent) return;
  Pipe& pipe = connection->from(ref.from);
  pipe.on_the_way -= bytes;
  take_turn(ref);
  if (!whole) return;
  note(pipe.from, pipe.to, *whole->frame);
  port(pipe.to).host->on_parcel(ref.connection, *whole);
}

void Network::broadcast(HostId from, const Bytes& datagram) {
  const auto bytes = std::make_shared<const Bytes>(datagram);
  for (std::uint32_t to = 0; to < ports_.size(); ++to) {
    if (HostId{to} != from) deliver(from, HostId{to}, bytes);
  }
}

void Network::send_datagram(HostId from, HostId to, const Bytes& datagram) {
  deliver(from, to, std::make_shared<const Bytes>(datagram));
}

void Network::deliver(HostId from, HostId to, std::shared_ptr<const Bytes> datagram) {
  constexpr std::uint64_t kJitterMicros = 100;
  if (random_.below(100) < loss_percent_ || !reachable(from, to)) return;
  const Duration jitter(static_cast<Duration::rep>(random_.below(kJitterMicros)));
  clock_.after(latency(from, to) + jitter, [this, from, to, bytes = std::move(datagram)] {
    if (!port(to).up) return;
    note(from, to, *bytes);
    port(to).host->on_datagram(from, *bytes);
  });
}

void Network::note(HostId from, HostId to, const Bytes& bytes) {
  constexpr std::uint64_t kFnvPrime = 1099511628211U;
  const auto fold = [this](std::uint64_t value) { trace_ = (trace_ ^ value) * kFnvPrime; };
  fold(static_cast<std::uint64_t>(clock_.now().time_since_epoch().count()));
  fold((std::uint64_t{std::to_underlying(from)} << 32U) + std::to_underlying(to));
  fold(std::hash<std::string_view>{}(as_text(bytes)));
}

}  // namespace essaim::sim
