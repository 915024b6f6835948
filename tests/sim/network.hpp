// The network of a simulation: hosts at one switch, connections between them, datagrams to all.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "sim/clock.hpp"
#include "sim/content.hpp"
#include "swarm/random.hpp"

namespace essaim::sim {

enum class HostId : std::uint32_t {};
// Never given twice.
enum class ConnectionId : std::uint64_t {};

struct LinkSpec {
  std::uint64_t up = 12'500'000;  // bytes a second
  std::uint64_t down = 12'500'000;
  Duration latency = 200us;  // one way, to the switch
};

// One message on a connection: real bytes, except for those of chunks.
struct Parcel {
  std::shared_ptr<const Bytes> frame;      // length and JSON
  std::shared_ptr<const Bytes> payload{};  // null: none, or a chunk's
  std::optional<ChunkBytes> chunk{};
  std::function<void()> on_gone{};  // with a chunk only: its last byte has left, or never will

  [[nodiscard]] std::uint64_t bytes() const {
    return frame->size() + (payload ? payload->size() : 0) + (chunk ? chunk->length : 0);
  }
};

// What is plugged in.
class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;
  virtual void on_connected(ConnectionId connection, HostId other) = 0;
  virtual void on_closed(ConnectionId connection) = 0;
  virtual void on_parcel(ConnectionId connection, const Parcel& parcel) = 0;
  virtual void on_datagram(HostId from, ByteView datagram) = 0;
};

// Each host has a link of its own to the switch, with a rate each way.
//  - A host that sends takes its connections in turn, a segment each. On one connection messages go in order, except
//    that those without a chunk go before those with one (as in src/node/session_outbox.hpp).
//  - A connection carries at most kSocketBytes that have not arrived, so whoever takes slowly is sent slowly.
//  - A host receives segments one after the other, in the order in which they were sent.
//  - Nothing passes between two islands. What is sent waits; a connection ends when kSilenceMax passes that way.
//  - Datagrams take no room, and are lost at a rate.
class Network {
 public:
  static constexpr std::uint64_t kSegmentBytes = 64 * kKiB;
  static constexpr std::uint64_t kSocketBytes = 512 * kKiB;
  static constexpr std::uint64_t kOverheadBytes = 80;  // of a message: TCP, IP, TLS
  static constexpr Duration kSilenceMax = 10s;

  Network(Clock& clock, std::uint64_t seed, std::uint32_t datagram_loss_percent)
      : clock_(clock), random_(seed), loss_percent_(datagram_loss_percent) {}

  // The host is down at first.
  HostId add(Host& host, LinkSpec link);
  enum class Farewell {
    kHangUp,   // the connections are closed, and the others know
    kSilence,  // a power failure: they learn of it later, or when the host is up again
  };
  void set_up(HostId host);
  void set_down(HostId host, Farewell farewell);

  // Both learn of it when it is done; nobody does when it can't be.
  void connect(HostId from, HostId to);
  void send(ConnectionId connection, HostId from, Parcel parcel);
  // Both learn of it.
  void close(ConnectionId connection);
  void cut(HostId one, HostId other);

  void broadcast(HostId from, const Bytes& datagram);
  void send_datagram(HostId from, HostId to, const Bytes& datagram);

  // Cuts these off from the others.
  void part(const std::vector<HostId>& island);
  void heal();
  [[nodiscard]] bool reachable(HostId one, HostId other) const;

  [[nodiscard]] std::uint64_t bytes_sent(HostId host) const { return port(host).bytes_sent; }
  // A hash of all that arrived, and when.
  [[nodiscard]] std::uint64_t trace() const { return trace_; }

 private:
  struct Pipe {  // one direction of a connection
    HostId from{};
    HostId to{};
    std::deque<Parcel> frames;
    std::deque<Parcel> chunks;
    std::optional<Parcel> leaving;
    std::uint64_t unsent = 0;      // bytes of `leaving`
    std::uint64_t on_the_way = 0;  // bytes
    bool queued = false;           // waits for its turn at its sender
  };
  struct Connection {
    std::array<Pipe, 2> pipes;
    bool silent = false;  // carries nothing any more, and nobody knows
    [[nodiscard]] Pipe& from(HostId host) { return pipes[0].from == host ? pipes[0] : pipes[1]; }
    [[nodiscard]] bool joins(HostId host) const { return pipes[0].from == host || pipes[1].from == host; }
  };
  struct PipeRef {
    ConnectionId connection{};
    HostId from{};
  };
  struct Port {
    Host* host = nullptr;
    LinkSpec link;
    std::deque<PipeRef> turns;
    bool sending = false;
    bool up = false;
    std::uint32_t island = 0;
    std::uint64_t bytes_sent = 0;
    Instant receives_from{};  // when what arrives next can begin to be received
  };

  [[nodiscard]] Port& port(HostId host) { return ports_[static_cast<std::size_t>(host)]; }
  [[nodiscard]] const Port& port(HostId host) const { return ports_[static_cast<std::size_t>(host)]; }
  [[nodiscard]] Connection* find(ConnectionId connection);
  [[nodiscard]] bool may_send(const Connection& connection, const Pipe& pipe) const;
  void take_turn(PipeRef ref);
  void run_uplink(HostId host);
  void send_segment(PipeRef ref, Pipe& pipe);
  void on_segment_left(PipeRef ref, std::uint64_t bytes);
  void on_segment_arrived(PipeRef ref, std::uint64_t bytes, const std::optional<Parcel>& whole);
  void silence(ConnectionId connection);
  void deliver(HostId from, HostId to, std::shared_ptr<const Bytes> datagram);
  [[nodiscard]] Duration latency(HostId one, HostId other) const;
  [[nodiscard]] std::vector<ConnectionId> connections_of(HostId host) const;
  void note(HostId from, HostId to, const Bytes& bytes);

  Clock& clock_;
  swarm::Random random_;
  std::uint32_t loss_percent_;
  std::vector<Port> ports_;
  std::vector<std::unique_ptr<Connection>> connections_;  // by number; null when closed
  std::uint32_t parts_ = 0;                               // how often the network was parted or healed
  std::uint64_t trace_ = 0;
};

}  // namespace essaim::sim
