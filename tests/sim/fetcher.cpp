#include "sim/fetcher.hpp"

#include <utility>

#include "base/assert.hpp"

namespace essaim::sim {
namespace {

constexpr swarm::ItemIndex kOnly{0};

swarm::SourceId source_of(HostId host) { return swarm::SourceId{std::to_underlying(host)}; }
HostId host_of(swarm::SourceId source) { return HostId{std::to_underlying(source)}; }

swarm::FailReason reason_of(wire::ErrorCode code) {
  switch (code) {
    case wire::ErrorCode::kNotFound: return swarm::FailReason::kNotFound;
    case wire::ErrorCode::kChanged: return swarm::FailReason::kChanged;
    default: return swarm::FailReason::kBusy;
  }
}

}  // namespace

Fetcher::Fetcher(const Parts& parts)
    : parts_(parts), download_({{.id = parts.content.id, .size = parts.content.plan.size}}, {}, parts.seed) {}

void Fetcher::resume(const std::vector<bool>& chunks) {
  leaves_ = parts_.content.manifest.leaves;
  leaves_known_ = true;
  download_.mark_manifest_known(kOnly);
  for (std::uint32_t chunk = 0; chunk < chunks.size(); ++chunk) {
    if (chunks[chunk]) download_.mark_have({kOnly, content::ChunkIndex{chunk}});
  }
}

void Fetcher::add_source(HostId host, ConnectionId connection, swarm::Claim claim, Instant now) {
  connection_of_[host] = connection;
  download_.on_source_added(source_of(host), {.claim = claim}, now);
}

void Fetcher::lose_source(HostId host, Instant now) {
  connection_of_.erase(host);
  std::erase_if(asked_, [host](const auto& each) { return each.second.host == host; });
  download_.on_source_lost(source_of(host), now);
}

void Fetcher::on_have(HostId from, const wire::Have& have, const Parcel& parcel, Instant now) {
  if (have.kind == wire::HaveKind::kComplete) return download_.on_have_whole(source_of(from), kOnly, now);
  std::vector<content::ChunkIndex> chunks;
  for (const std::uint32_t chunk : have.numbers) chunks.push_back(content::ChunkIndex{chunk});
  for (std::uint32_t bit = 0; parcel.payload && bit < 8 * parcel.payload->size(); ++bit) {
    if (((*parcel.payload)[bit / 8] & (0x80U >> (bit % 8))) != 0) chunks.push_back(content::ChunkIndex{bit});
  }
  download_.on_have(source_of(from), kOnly, chunks, now);
}

std::optional<Fetcher::Asked> Fetcher::take_asked(const wire::Envelope& envelope) {
  const auto found = asked_.find(envelope.id.value_or(0));
  if (found == asked_.end()) return std::nullopt;
  const Asked asked = found->second;
  asked_.erase(found);
  wire_ids_.erase(asked.request);
  return asked;
}

void Fetcher::on_manifest(const wire::Envelope& envelope, const Parcel& parcel, Instant now) {
  const auto asked = take_asked(envelope);
  if (!asked) return;
  const auto* ask = std::get_if<swarm::AskManifest>(&asked->what);
  const auto* data = std::get_if<wire::ManifestData>(&envelope.message);
  if (ask != nullptr && data != nullptr && take_leaves(*ask, *data, parcel)) {
    download_.on_manifest(asked->request, now);
  } else {
    download_.on_manifest_failed(asked->request, swarm::FailReason::kBadHash, now);
  }
}

bool Fetcher::take_leaves(const swarm::AskManifest& ask, const wire::ManifestData& data, const Parcel& parcel) {
  const auto leaves = parcel.payload ? content::parse_leaves(*parcel.payload) : std::nullopt;
  if (!leaves || data.first != ask.first || leaves->size() != ask.count) return false;
  if (ask.first == 0) leaves_.clear();
  leaves_.insert(leaves_.end(), leaves->begin(), leaves->end());
  if (leaves_.size() < parts_.content.plan.chunks) return true;
  leaves_known_ = content::check_manifest(parts_.content.plan.size, leaves_, parts_.content.id).has_value();
  return leaves_known_;
}

std::optional<content::ChunkIndex> Fetcher::on_chunk(const wire::Envelope& envelope, const Parcel& parcel,
                                                     Instant now) {
  const auto asked = take_asked(envelope);
  if (!asked) {
    ++chunks_in_vain_;
    return std::nullopt;
  }
  const auto& ask = std::get<swarm::AskChunk>(asked->what);
  const auto wanted = std::to_underlying(ask.chunk.chunk);
  const ChunkBytes& bytes = parcel.chunk.value();
  const bool proves = bytes.intact && bytes.chunk == wanted &&
                      bytes.length == parts_.content.plan.length(ask.chunk.chunk) &&
                      std::get<wire::ChunkData>(envelope.message).chunk_index == wanted;
  if (!proves) {
    download_.on_chunk_failed(asked->request, swarm::FailReason::kBadHash, now);
  } else if (!parts_.disk.write(wanted)) {
    download_.on_chunk_failed(asked->request, swarm::FailReason::kDisk, now);
  } else {
    download_.on_chunk_verified(asked->request, now);
    return ask.chunk.chunk;
  }
  return std::nullopt;
}

void Fetcher::on_error(const wire::Envelope& envelope, Instant now) {
  const auto asked = take_asked(envelope);
  if (!asked) return;
  const swarm::FailReason reason = reason_of(std::get<wire::Error>(envelope.message).code);
  if (std::holds_alternative<swarm::AskManifest>(asked->what)) {
    download_.on_manifest_failed(asked->request, reason, now);
  } else {
    download_.on_chunk_failed(asked->request, reason, now);
  }
}

void Fetcher::act(Instant now) {
  if (const auto deadline = download_.next_deadline(); deadline && *deadline <= now) download_.on_time(now);
  while (true) {
    const std::vector<swarm::Action> actions = download_.take_actions(now);
    if (actions.empty()) return;
    for (const swarm::Action& action : actions) std::visit([this](const auto& what) { obey(what); }, action);
  }
}

void Fetcher::obey(const swarm::AskManifest& ask) {
  send({host_of(ask.source), ask.request, ask}, wire::ManifestRequest{parts_.content.id, ask.first, ask.count});
}

void Fetcher::obey(const swarm::AskChunk& ask) {
  send({host_of(ask.source), ask.request, ask},
       wire::ChunkRequest{parts_.content.id, std::to_underlying(ask.chunk.chunk), 1});
}

void Fetcher::send(const Asked& asked, const wire::Message& message) {
  asked_.emplace(++last_wire_id_, asked);
  wire_ids_.emplace(asked.request, last_wire_id_);
  parts_.outbox.send(connection_of_.at(asked.host), {.id = last_wire_id_, .message = message});
}

void Fetcher::obey(const swarm::CancelRequest& cancel) {
  const auto found = wire_ids_.find(cancel.request);
  if (found == wire_ids_.end()) return;
  asked_.erase(found->second);
  wire_ids_.erase(found);
}

void Fetcher::obey(const swarm::DropSource& drop) {
  const HostId host = host_of(drop.source);
  connection_of_.erase(host);
  std::erase_if(asked_, [host](const auto& each) { return each.second.host == host; });
  dropped_[host] = drop.reason;
}

void Fetcher::obey(const swarm::FinishItem& /*finish*/) {}

std::vector<bool> Fetcher::chunks_held() const {
  std::vector<bool> held(parts_.content.plan.chunks);
  for (std::uint32_t chunk = 0; chunk < held.size(); ++chunk) {
    held[chunk] = download_.has({kOnly, content::ChunkIndex{chunk}});
  }
  return held;
}

void Fetcher::check_invariants() const {
  download_.check_invariants();
  for (std::uint32_t chunk = 0; chunk < parts_.content.plan.chunks; ++chunk) {
    if (!download_.has({kOnly, content::ChunkIndex{chunk}})) continue;
    ASSERT(parts_.disk.read(chunk) == Disk::Chunk::kIntact);
  }
}

}  // namespace essaim::sim
