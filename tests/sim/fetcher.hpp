// The fetching side of a simulated peer: a real swarm::Download, driven as src/node/fetch.hpp does.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "sim/disk.hpp"
#include "sim/outbox.hpp"
#include "swarm/download.hpp"

namespace essaim::sim {

class Fetcher {
 public:
  struct Parts {
    const Content& content;
    Disk& disk;
    Outbox& outbox;
    std::uint64_t seed = 0;
  };
  explicit Fetcher(const Parts& parts);

  // What an earlier run left: the leaves, and which chunks.
  void resume(const std::vector<bool>& chunks);

  void add_source(HostId host, ConnectionId connection, swarm::Claim claim, Instant now);
  void lose_source(HostId host, Instant now);
  [[nodiscard]] bool has_source(HostId host) const { return connection_of_.contains(host); }
  void on_have(HostId from, const wire::Have& have, const Parcel& parcel, Instant now);
  // Answers; what was not asked for is ignored.
  void on_manifest(const wire::Envelope& envelope, const Parcel& parcel, Instant now);
  // Was it a chunk that was wanted and is now on the disk?
  [[nodiscard]] std::optional<content::ChunkIndex> on_chunk(const wire::Envelope& envelope, const Parcel& parcel,
                                                            Instant now);
  void on_error(const wire::Envelope& envelope, Instant now);

  // Takes the download's actions until there are none.
  void act(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const { return download_.next_deadline(); }

  [[nodiscard]] const swarm::Download& download() const { return download_; }
  [[nodiscard]] bool knows_leaves() const { return leaves_known_; }
  [[nodiscard]] std::vector<bool> chunks_held() const;
  [[nodiscard]] const std::map<HostId, swarm::DropReason>& dropped() const { return dropped_; }
  [[nodiscard]] std::uint64_t chunks_in_vain() const { return chunks_in_vain_; }

  // The download's own, and that what it has is on the disk.
  void check_invariants() const;

 private:
  struct Asked {
    HostId host{};
    swarm::RequestId request{};
    std::variant<swarm::AskManifest, swarm::AskChunk> what;
  };

  void obey(const swarm::AskManifest& ask);
  void obey(const swarm::AskChunk& ask);
  void obey(const swarm::CancelRequest& cancel);
  void obey(const swarm::DropSource& drop);
  void obey(const swarm::FinishItem& finish);
  void send(const Asked& asked, const wire::Message& message);
  [[nodiscard]] std::optional<Asked> take_asked(const wire::Envelope& envelope);
  [[nodiscard]] bool take_leaves(const swarm::AskManifest& ask, const wire::ManifestData& data, const Parcel& parcel);

  Parts parts_;
  swarm::Download download_;
  std::map<HostId, ConnectionId> connection_of_;
  std::map<std::uint64_t, Asked> asked_;  // by the id on the wire
  std::uint64_t last_wire_id_ = 0;
  std::map<swarm::RequestId, std::uint64_t> wire_ids_;
  std::vector<Leaf> leaves_;
  bool leaves_known_ = false;
  std::map<HostId, swarm::DropReason> dropped_;
  std::uint64_t chunks_in_vain_ = 0;  // arrived, and were no longer wanted
};

}  // namespace essaim::sim
