// The part of Download that takes answers, refusals and silence.
#include <utility>

#include "base/assert.hpp"
#include "base/defence.hpp"
#include "swarm/download.hpp"

namespace essaim::swarm {

void Download::on_manifest(RequestId id, Instant now) {
  const auto request = end_delivered(id, WorkKind::kManifest, now);
  if (!request) return;
  const ItemIndex item = request->work.chunk.item;
  const std::uint32_t next = request->first + request->count;
  if (next == open_.find(item)->second.plan.chunks) {
    learn_leaves(item, next);
  } else if (paused_) {
    want_manifest(item);
  } else {
    ask_manifest(source_of(*request), item, next, now);
  }
}

void Download::on_draft_leaves(RequestId id, std::uint32_t leaves, Instant now) {
  const Request* found = book_.find(id);
  if (found == nullptr || found->work.kind != WorkKind::kManifest) return;
  const auto request = end_undelivered(id);
  source_of(*request).on_delivery(now);
  const ItemIndex item = request->work.chunk.item;
  OpenItem& state = open_.find(item)->second;
  ASSERT(request->first == state.leaves && leaves <= request->count);
  learn_leaves(item, state.leaves + leaves);
  if (state.manifest == ManifestState::kKnown) return;
  if (leaves == request->count) return want_manifest(item);
  state.manifest = ManifestState::kComing;
  leaves_again_[item] = now + kDraftLeavesInterval;
}

void Download::on_manifest_failed(RequestId id, FailReason reason, Instant now) {
  fail(id, WorkKind::kManifest, reason, now);
}

void Download::on_chunk_verified(RequestId id, Instant now) {
  const auto request = end_delivered(id, WorkKind::kChunk, now);
  if (!request) return;
  records_[request->source].bytes += request->bytes;
  meter_.add(request->bytes, now);
  verify(request->work.chunk);
}

void Download::on_chunk_failed(RequestId id, FailReason reason, Instant now) {
  fail(id, WorkKind::kChunk, reason, now);
}

std::optional<Request> Download::end_delivered(RequestId id, WorkKind kind, Instant now) {
  const Request* found = book_.find(id);
  if (found == nullptr || found->work.kind != kind) return std::nullopt;
  const auto request = book_.remove(id);
  Source& source = source_of(*request);
  source.window.on_delivered(request->bytes, request->mark, now);
  make_room(source, kind);
  source.on_delivery(now);
  return request;
}

std::optional<Request> Download::end_undelivered(RequestId id) {
  const auto request = book_.remove(id);
  if (!request) return std::nullopt;
  Source& source = source_of(*request);
  source.window.on_ended(request->bytes);
  make_room(source, request->work.kind);
  return request;
}

void Download::make_room(Source& source, WorkKind ended) {
  source.note_ended();
  if (ended == WorkKind::kChunk) return;
  --source.manifests_in_flight;
  source.dry = false;  // there may be more manifests to ask for than could be at once
}

void Download::cancel(RequestId id) {
  if (const auto request = end_undelivered(id)) pending_.emplace_back(CancelRequest{request->source, id});
}

void Download::fail(RequestId id, WorkKind kind, FailReason reason, Instant now) {
  const Request* found = book_.find(id);
  if (found == nullptr || found->work.kind != kind) return;
  const auto request = end_undelivered(id);
  if (reason != FailReason::kDisk) marks_.add(request->work, request->source);
  want_again(*request);
  judge(request->source, *request, reason, now);
}

// After the request has left the book. Its source is woken too: while it was asked it could not be asked again.
void Download::want_again(const Request& request) {
  if (request.work.kind == WorkKind::kManifest) {
    want_manifest(request.work.chunk.item);
  } else {
    offer_unless_asked(request.work.chunk);
    wake_holders(request.work);
  }
}

// What a failure says of the source.
void Download::judge(SourceId id, const Request& request, FailReason reason, Instant now) {
  Source& source = source_of(request);
  switch (reason) {
    case FailReason::kBadHash:
      source.has_lied = true;
      if (++records_[id].lies >= kLiesMax && defended(Defence::kLiarCutOff)) drop(id, DropReason::kLiar);
      return;
    case FailReason::kNotFound:
    case FailReason::kChanged:
      if (++source.refusals_in_a_row >= kRefusalsInARowMax) {
        drop(id, DropReason::kUseless);
      } else if (reason == FailReason::kChanged || request.work.kind == WorkKind::kManifest) {
        lose_item(source, request.work.chunk.item);
      } else {
        lose_chunk(source, request.work.chunk);
      }
      wake_all();
      return;
    case FailReason::kBusy:
    case FailReason::kTimeout:
    case FailReason::kClosed:
      source.begin_rest(now);
      wake_all();
      return;
    case FailReason::kDisk: disk_rest_until_ = now + kDiskRest; return;
  }
}

void Download::on_expired(const Request& request, Instant now) {
  Source& source = source_of(request);
  const bool silent = !source.delivered_at || *source.delivered_at <= request.mark.asked_at;
  if (request.overdue || request.work.kind == WorkKind::kManifest) {
    give_up(request, now);
  } else {
    set_overdue(request, now);
  }
  if (silent && !source.snubbed) {
    source.snubbed = true;
    for (const RequestId id : book_.requests_at(source.id)) {
      const Request& other = *book_.find(id);
      if (other.work.kind == WorkKind::kManifest) {
        give_up(other, now);
      } else if (!other.overdue) {
        set_overdue(other, now);
      }
    }
  }
  wake_all();
}

// Overdue, but its answer still counts.
void Download::set_overdue(const Request& request, Instant now) {
  const Work work = request.work;
  marks_.add(work, request.source);
  book_.set_overdue(request.id, now + kGiveUpAfterOverdue);
  offer_unless_asked(work.chunk);
}

void Download::give_up(const Request& request, Instant now) {
  const Request given_up = request;  // a copy: the book lets go of the original
  marks_.add(given_up.work, given_up.source);
  cancel(given_up.id);
  source_of(given_up).begin_rest(now);
  want_again(given_up);
}

}  // namespace essaim::swarm
