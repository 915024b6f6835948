// One peer of a simulation: it finds others, fetches, serves, writes down how far it is, and dies in several ways.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sim/disk.hpp"
#include "sim/fetcher.hpp"
#include "sim/finder.hpp"
#include "sim/server.hpp"
#include "wire/frame.hpp"

namespace essaim::sim {

enum class Role { kSeed, kFetcher };

struct PeerSpec {
  Role role = Role::kFetcher;
  Conduct conduct = Conduct::kHonest;  // who is not honest is a seed, as far as it says
  LinkSpec link{};
  Duration joins_at{0};
};

// Whether invariants are checked at every step of a peer, which is slow.
enum class Care { kEveryStep, kNone };

class Peer final : public Host {
 public:
  struct Parts {
    Clock& clock;
    Network& network;
    const Content& content;
    std::uint64_t seed = 0;
    Care care = Care::kEveryStep;
  };
  Peer(Parts parts, const PeerSpec& spec);
  // Before start(): whom it knows. Without it, it announces itself and listens.
  void introduce_to(std::vector<HostId> others) { introduced_to_ = std::move(others); }

  // Its host comes up after the time that looking through its part file takes.
  void start();
  void stop();                     // in good order
  void kill();                     // the program dies, the system lives
  void lose_power(Choices& fate);  // both die
  [[nodiscard]] bool running() const { return life_ != nullptr; }

  [[nodiscard]] HostId id() const { return id_; }
  [[nodiscard]] const PeerSpec& spec() const { return spec_; }
  [[nodiscard]] Disk& disk() { return disk_; }
  // A seed is from the beginning; a fetcher when the file has its name and its folder is synced.
  [[nodiscard]] bool finished() const { return finished_at_.has_value(); }
  [[nodiscard]] Instant finished_at() const { return finished_at_.value(); }
  // Only while it runs.
  [[nodiscard]] bool holds(content::ChunkIndex chunk) const;
  [[nodiscard]] std::uint32_t chunks_held() const;
  // Null for a seed, and while it does not run.
  [[nodiscard]] const Fetcher* fetcher() const;
  void check_invariants() const;

  void on_connected(ConnectionId connection, HostId other) override;
  void on_closed(ConnectionId connection) override;
  void on_parcel(ConnectionId connection, const Parcel& parcel) override;
  void on_datagram(HostId from, ByteView datagram) override;

 private:
  struct Session {
    HostId other{};
    wire::FrameDecoder decoder{wire::Level::kPeer};
    bool open = false;       // it has said HELLO
    bool following = false;  // we have said that we follow
  };
  // What dies with the program.
  struct Life {
    explicit Life(Server serving) : server(std::move(serving)) {}
    Server server;
    std::optional<Fetcher> fetcher;
    std::optional<Finder> finder;
    std::map<ConnectionId, Session> sessions;
    std::map<HostId, Instant> dialled_at;
    bool pump_scheduled = false;
    bool finishing = false;
    std::optional<Instant> wakes_at;
  };

  // Its life (peer.cpp).
  void begin();
  void resume();
  void end(Network::Farewell farewell);
  // Only if this life still lasts then.
  void later(Duration time, Clock::Event event);
  void schedule_pump();
  void pump();
  void arm_timer();
  void checkpoint();
  void finish();
  void give_name();

  // The others (peer_sessions.cpp).
  void look_around();
  void look_around_for_ever();
  [[nodiscard]] bool is_connected(HostId other) const;
  void follow(ConnectionId connection, Session& session);
  void handle(ConnectionId connection, Session& session, const wire::Envelope& envelope, const Parcel& parcel);
  void on_hello(ConnectionId connection, Session& session);
  void on_found(ConnectionId connection, const Session& session, const wire::Found& found);
  void on_chunk(const wire::Envelope& envelope, const Parcel& parcel);

  Parts parts_;
  PeerSpec spec_;
  std::optional<std::vector<HostId>> introduced_to_;
  HostId id_;
  Outbox outbox_;
  Disk disk_;
  std::unique_ptr<Life> life_;
  std::uint64_t lives_ = 0;  // grows with each beginning and end, so that events of an earlier life know it
  std::optional<Instant> finished_at_;
};

}  // namespace essaim::sim
