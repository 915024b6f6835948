// The part of Peer that talks with the others.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "sim/peer.hpp"

namespace essaim::sim {
namespace {

constexpr Duration kDialAgainAfter = 1s;

}  // namespace

// Dials whom it knows and is not connected to.
void Peer::look_around() {
  if (!life_->fetcher || life_->finishing) return;
  const Instant now = parts_.clock.now();
  for (const HostId other : life_->finder ? life_->finder->near() : *introduced_to_) {
    Instant& dialled_at = life_->dialled_at.try_emplace(other, now - kDialAgainAfter).first->second;
    if (other == id_ || is_connected(other) || now - dialled_at < kDialAgainAfter) continue;
    dialled_at = now;
    parts_.network.connect(id_, other);
  }
}

void Peer::look_around_for_ever() {
  look_around();
  if (life_->finder && life_->sessions.empty()) {
    life_->finder->look_around(parts_.clock.now());
    schedule_pump();
  }
  later(kDialAgainAfter, [this] { look_around_for_ever(); });
}

bool Peer::is_connected(HostId other) const {
  return std::ranges::any_of(life_->sessions, [other](const auto& each) { return each.second.other == other; });
}

void Peer::on_connected(ConnectionId connection, HostId other) {
  if (is_connected(other)) return parts_.network.close(connection);
  life_->sessions.emplace(connection, Session{.other = other});
  outbox_.send(connection, {.message = wire::Hello{.name = "simulated", .v = 1}});
}

void Peer::on_closed(ConnectionId connection) {
  const auto found = life_->sessions.find(connection);
  if (found == life_->sessions.end()) return;
  const Session& session = found->second;
  const Instant now = parts_.clock.now();
  life_->server.on_closed(connection);
  if (life_->fetcher && life_->fetcher->has_source(session.other)) life_->fetcher->lose_source(session.other, now);
  if (life_->finder && session.open) life_->finder->on_session_closed(session.other, now);
  life_->sessions.erase(found);
  schedule_pump();
}

void Peer::on_datagram(HostId from, ByteView datagram) {
  if (!life_->finder) return;
  life_->finder->on_datagram(from, datagram, parts_.clock.now());
  look_around();
  schedule_pump();
}

void Peer::on_parcel(ConnectionId connection, const Parcel& parcel) {
  const auto found = life_->sessions.find(connection);
  if (found == life_->sessions.end()) return;
  Session& session = found->second;
  ByteView bytes = *parcel.frame;
  while (!bytes.empty()) bytes = bytes.subspan(session.decoder.feed(bytes));
  const auto frame = session.decoder.next();
  ASSERT(frame.has_value() && frame->has_value());
  ASSERT((*frame)->payload_bytes + parcel.frame->size() == parcel.bytes());
  const auto envelope = wire::parse_message(**frame);
  ASSERT(envelope.has_value());
  handle(connection, session, *envelope, parcel);
  schedule_pump();
}

void Peer::handle(ConnectionId connection, Session& session, const wire::Envelope& envelope, const Parcel& parcel) {
  const Instant now = parts_.clock.now();
  const wire::Message& message = envelope.message;
  if (std::holds_alternative<wire::Hello>(message)) return on_hello(connection, session);
  if (std::holds_alternative<wire::Find>(message)) {
    life_->server.on_find(connection, envelope);
    return follow(connection, session);
  }
  if (std::holds_alternative<wire::ManifestRequest>(message)) {
    const bool known = !life_->fetcher || life_->fetcher->knows_leaves();
    return life_->server.on_manifest_request(connection, envelope,
                                             known ? Server::Leaves::kKnown : Server::Leaves::kUnknown);
  }
  if (std::holds_alternative<wire::ChunkRequest>(message)) {
    return life_->server.on_chunk_request(connection, envelope, now);
  }
  if (!life_->fetcher) return;
  if (const auto* found = std::get_if<wire::Found>(&message)) return on_found(connection, session, *found);
  if (std::holds_alternative<wire::ChunkData>(message)) return on_chunk(envelope, parcel);
  if (const auto* have = std::get_if<wire::Have>(&message)) {
    return life_->fetcher->on_have(session.other, *have, parcel, now);
  }
  if (std::holds_alternative<wire::ManifestData>(message)) return life_->fetcher->on_manifest(envelope, parcel, now);
  if (std::holds_alternative<wire::Error>(message)) life_->fetcher->on_error(envelope, now);
}

void Peer::on_hello(ConnectionId connection, Session& session) {
  session.open = true;
  session.decoder.set_json_bytes_max(wire::kPeerJsonBytesMax);
  if (life_->finder) life_->finder->on_session_opened(session.other, parts_.clock.now());
  follow(connection, session);
}

// Whoever fetches follows everybody.
void Peer::follow(ConnectionId connection, Session& session) {
  if (!life_->fetcher || life_->finishing || std::exchange(session.following, true)) return;
  outbox_.send(connection, {.id = 0, .message = wire::Find{.file_ids = {parts_.content.id}, .follow = true}});
}

void Peer::on_found(ConnectionId connection, const Session& session, const wire::Found& found) {
  const bool all = !found.entries.empty() && found.entries.front().kind == wire::Holding::kComplete;
  life_->fetcher->add_source(session.other, connection, all ? swarm::Claim::kAll : swarm::Claim::kNone,
                             parts_.clock.now());
}

void Peer::on_chunk(const wire::Envelope& envelope, const Parcel& parcel) {
  const auto stored = life_->fetcher->on_chunk(envelope, parcel, parts_.clock.now());
  if (stored) life_->server.on_chunk(*stored);
}

}  // namespace essaim::sim
