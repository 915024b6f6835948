// The serving side of a simulated peer: a real swarm::UploadQueue and a real swarm::HaveFeed, driven as the node does.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>

#include "sim/clock.hpp"
#include "sim/outbox.hpp"
#include "swarm/have_feed.hpp"
#include "swarm/upload_queue.hpp"

namespace essaim::sim {

enum class Conduct {
  kHonest,
  kLiar,     // says that it has everything; what it sends is false half of the time
  kMute,     // says that it has everything, and never answers
  kRefuser,  // says that it has everything, and refuses
  kMoody,    // is busy every other time
};

class Server {
 public:
  struct Parts {
    const Content& content;
    Outbox& outbox;
    Conduct conduct = Conduct::kHonest;
    std::uint64_t seed = 0;
    // Called when the chunk of a ticket has left, or never will; whoever made the server calls on_served() then.
    std::function<void(swarm::UploadTicket)> on_gone;
  };
  explicit Server(Parts parts);

  void on_chunk(content::ChunkIndex chunk);
  void on_all();

  // Answers, and makes the asker a follower if it wants to be one.
  void on_find(ConnectionId from, const wire::Envelope& envelope);
  enum class Leaves { kKnown, kUnknown };
  void on_manifest_request(ConnectionId from, const wire::Envelope& envelope, Leaves leaves);
  void on_chunk_request(ConnectionId from, const wire::Envelope& envelope, Instant now);
  void on_served(swarm::UploadTicket ticket) { queue_.on_served(ticket); }
  void on_closed(ConnectionId connection);

  // Sends what is to be sent now.
  void act(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;

  [[nodiscard]] const swarm::HaveFeed& feed() const { return feed_; }
  void check_invariants() const;

 private:
  void refuse(ConnectionId to, const wire::Envelope& question, wire::ErrorCode code);
  void tell(const swarm::HaveDelivery& delivery);
  void serve(const swarm::UploadOrder& order);
  [[nodiscard]] bool once_in(std::uint64_t ways) { return random_.below(ways) == 0; }

  Parts parts_;
  swarm::Random random_;
  swarm::HaveFeed feed_;
  swarm::UploadQueue queue_;
};

}  // namespace essaim::sim
