#include "sim/server.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace essaim::sim {
namespace {

constexpr swarm::ItemIndex kOnly{0};

swarm::AskerId asker_of(ConnectionId connection) { return swarm::AskerId{std::to_underlying(connection)}; }
ConnectionId connection_of(swarm::AskerId asker) { return ConnectionId{std::to_underlying(asker)}; }

Bytes bitfield(const std::vector<std::uint32_t>& ones, std::uint32_t size) {
  Bytes bits((size + 7) / 8);
  for (const std::uint32_t one : ones) bits[one / 8] |= static_cast<std::uint8_t>(0x80U >> (one % 8));
  return bits;
}

}  // namespace

Server::Server(Parts parts)
    : parts_(std::move(parts)), random_(parts_.seed), feed_({parts_.content.plan.chunks}), queue_({}) {
  if (parts_.conduct != Conduct::kHonest && parts_.conduct != Conduct::kMoody) on_all();
}

void Server::on_chunk(content::ChunkIndex chunk) { feed_.on_chunk({kOnly, chunk}); }

void Server::on_all() { feed_.on_item(kOnly); }

void Server::on_find(ConnectionId from, const wire::Envelope& envelope) {
  wire::Found found;
  if (const std::uint32_t held = feed_.chunks_held(kOnly); held > 0) {
    const auto kind = feed_.all() ? wire::Holding::kComplete : wire::Holding::kPartial;
    found.entries.push_back({parts_.content.id, kind, held});
  }
  parts_.outbox.send(from, {.id = envelope.id, .message = std::move(found)});
  if (std::get<wire::Find>(envelope.message).follow) feed_.follow(swarm::FollowerId{std::to_underlying(from)});
}

void Server::on_manifest_request(ConnectionId from, const wire::Envelope& envelope, Leaves leaves) {
  const auto& request = std::get<wire::ManifestRequest>(envelope.message);
  if (parts_.conduct == Conduct::kMute) return;
  if (leaves == Leaves::kUnknown || parts_.conduct == Conduct::kRefuser) {
    return refuse(from, envelope, wire::ErrorCode::kNotFound);
  }
  const auto range = content::leaf_range(parts_.content.manifest, content::ChunkIndex{request.first}, request.count);
  ASSERT(range.has_value());
  Bytes payload(range->begin(), range->end());
  if (parts_.conduct == Conduct::kLiar && once_in(2)) payload.front() ^= 1U;
  parts_.outbox.send(
      from,
      {.id = envelope.id,
       .message = wire::ManifestData{request.file_id, request.first, request.count, parts_.content.plan.size}},
      std::move(payload));
}

void Server::on_chunk_request(ConnectionId from, const wire::Envelope& envelope, Instant now) {
  const auto& request = std::get<wire::ChunkRequest>(envelope.message);
  const content::ChunkIndex chunk{request.chunk_index};
  ASSERT(request.count == 1 && parts_.content.plan.has(chunk));
  if (parts_.conduct == Conduct::kMute) return;
  if (parts_.conduct == Conduct::kMoody && once_in(2)) return refuse(from, envelope, wire::ErrorCode::kBusy);
  if (parts_.conduct == Conduct::kRefuser || !feed_.has({kOnly, chunk})) {
    return refuse(from, envelope, wire::ErrorCode::kNotFound);
  }
  const auto admitted = queue_.enqueue({.asker = asker_of(from),
                                        .request = envelope.id.value_or(0),
                                        .content = parts_.content.id,
                                        .chunk = chunk,
                                        .bytes = parts_.content.plan.length(chunk)},
                                       now);
  if (admitted == swarm::Admission::kBusy) refuse(from, envelope, wire::ErrorCode::kBusy);
}

void Server::on_closed(ConnectionId connection) {
  queue_.on_asker_gone(asker_of(connection));
  feed_.unfollow(swarm::FollowerId{std::to_underlying(connection)});
}

void Server::refuse(ConnectionId to, const wire::Envelope& question, wire::ErrorCode code) {
  parts_.outbox.send(to, {.id = question.id, .message = wire::Error{code, "no"}});
}

void Server::act(Instant now) {
  for (const swarm::HaveDelivery& delivery : feed_.take(now)) tell(delivery);
  while (const auto order = queue_.take_next(now)) serve(*order);
}

void Server::tell(const swarm::HaveDelivery& delivery) {
  for (const swarm::HaveNews& news : delivery.news) {
    const auto say = [&](wire::Have have, const Bytes& payload) {
      Parcel parcel = Outbox::encode({.payload_bytes = payload.size(), .message = std::move(have)});
      if (!payload.empty()) parcel.payload = std::make_shared<const Bytes>(payload);
      for (const swarm::FollowerId to : delivery.to) {
        parts_.outbox.send(ConnectionId{std::to_underlying(to)}, parcel);
      }
    };
    if (news.kind != swarm::HaveNews::Kind::kChunks) {
      say({.file_id = parts_.content.id, .kind = wire::HaveKind::kComplete}, {});
    } else if (news.exact) {
      say({.file_id = parts_.content.id, .kind = wire::HaveKind::kBitfield},
          bitfield(news.numbers, parts_.content.plan.chunks));
    } else {
      ASSERT(news.numbers.size() <= wire::kHaveNumbersMax);
      say({.file_id = parts_.content.id, .kind = wire::HaveKind::kChunks, .numbers = news.numbers}, {});
    }
  }
}

void Server::serve(const swarm::UploadOrder& order) {
  const auto chunk = std::to_underlying(order.request.chunk);
  Parcel parcel = Outbox::encode({.id = order.request.request,
                                  .payload_bytes = order.request.bytes,
                                  .message = wire::ChunkData{parts_.content.id, chunk}});
  const bool lies = parts_.conduct == Conduct::kLiar && once_in(2);
  parcel.chunk = ChunkBytes{.chunk = chunk, .length = order.request.bytes, .intact = !lies};
  parcel.on_gone = [on_gone = parts_.on_gone, ticket = order.ticket] { on_gone(ticket); };
  parts_.outbox.send(connection_of(order.request.asker), std::move(parcel));
}

std::optional<Instant> Server::next_deadline() const {
  const auto feed = feed_.next_deadline();
  const auto queue = queue_.next_deadline();
  if (!feed || !queue) return feed ? feed : queue;
  return std::min(*feed, *queue);
}

void Server::check_invariants() const {
  feed_.check_invariants();
  queue_.check_invariants();
}

}  // namespace essaim::sim
