#include "node/uploads.hpp"

#include <string>
#include <utility>

#include "transport/clock.hpp"

namespace essaim::node {
namespace {

std::string_view sentence_of(wire::ErrorCode code) {
  switch (code) {
    case wire::ErrorCode::kNotFound: return "no such content here";
    case wire::ErrorCode::kBusy: return "too many requests are waiting; ask again later";
    default: return "no such chunk in this content";
  }
}

}  // namespace

Uploads::Uploads(const boost::asio::any_io_executor& control, Sessions& sessions, Library& library, Contents& contents,
                 ViewerOf viewer_of, swarm::UploadLimits limits)
    : sessions_(sessions),
      library_(library),
      contents_(contents),
      viewer_of_(std::move(viewer_of)),
      queue_(limits),
      timer_(control) {}

void Uploads::on_request(const Session& session, std::uint64_t wire_id, const wire::ChunkRequest& request) {
  const access::Viewer viewer = viewer_of_(session);
  const auto size = contents_.size_of(request.file_id, viewer);
  if (!size) return refuse(session.id, wire_id, wire::ErrorCode::kNotFound);
  const auto plan = content::plan_for(*size);
  for (std::uint64_t index = request.chunk_index; index < std::uint64_t{request.chunk_index} + request.count; ++index) {
    const auto chunk = static_cast<content::ChunkIndex>(index);
    // One refusal stands for the rest of the request (docs/protocol.md): 64 of them would be more than was sent.
    if (!plan || index >= plan->chunks) {
      refuse(session.id, wire_id, wire::ErrorCode::kBadRequest);
      break;
    }
    if (!contents_.has(request.file_id, chunk, viewer)) {
      refuse(session.id, wire_id, wire::ErrorCode::kNotFound);
      break;
    }
    const auto admitted = queue_.enqueue({.asker = swarm::AskerId{static_cast<std::uint64_t>(session.id)},
                                          .request = wire_id,
                                          .content = request.file_id,
                                          .chunk = chunk,
                                          .bytes = plan->length(chunk)},
                                         transport::now());
    if (admitted == swarm::Admission::kBusy) {
      refuse(session.id, wire_id, wire::ErrorCode::kBusy);
      break;
    }
  }
  pump();
}

bool Uploads::on_keep_request(const KeepRequest& request, Serve serve) {
  const auto admitted = queue_.enqueue({.asker = swarm::AskerId{static_cast<std::uint64_t>(request.connection)},
                                        .content = request.content,
                                        .bytes = request.bytes,
                                        .trade = swarm::Trade::kKeeps},
                                       transport::now());
  if (admitted == swarm::Admission::kBusy) return false;
  keepers_.insert_or_assign(request.connection, std::move(serve));
  pump();
  return true;
}

void Uploads::on_served(const std::vector<ServeOutcome>& outcomes) {
  for (const ServeOutcome& outcome : outcomes) {
    queue_.on_served(swarm::UploadTicket{outcome.ticket});
    bytes_sent_ += outcome.bytes;
    if (outcome.bytes > 0) ++chunks_sent_;
    if (outcome.failure) library_.on_changed(outcome.content);
  }
  pump();
}

void Uploads::on_session_closed(SessionId id) {
  keepers_.erase(id);
  queue_.on_asker_gone(swarm::AskerId{static_cast<std::uint64_t>(id)});
  pump();
}

void Uploads::pump() {
  std::map<SessionId, std::vector<ServeOrder>> orders;
  while (const auto next = queue_.take_next(transport::now())) {
    const SessionId session{static_cast<std::uint64_t>(next->request.asker)};
    if (const auto keeper = keepers_.extract(session)) {
      keeper.mapped()(static_cast<std::uint64_t>(next->ticket));
    } else if (auto order = make_order(*next)) {
      orders[session].push_back(std::move(*order));
    } else {
      queue_.on_served(next->ticket);
      refuse(session, next->request.request, wire::ErrorCode::kNotFound);
    }
  }
  for (auto& [id, batch] : orders) {
    if (const Session* session = sessions_.find(id)) session->link->serve(std::move(batch));
  }
  arm_timer();
}

std::optional<ServeOrder> Uploads::make_order(const swarm::UploadOrder& order) {
  const Session* session = sessions_.find(SessionId{static_cast<std::uint64_t>(order.request.asker)});
  if (session == nullptr) return std::nullopt;
  auto holding = contents_.open(order.request.content, order.request.chunk, viewer_of_(*session));
  if (!holding) return std::nullopt;
  const auto plan = content::plan_for(holding->size);
  if (!plan || !plan->has(order.request.chunk)) return std::nullopt;
  return ServeOrder{.wire_id = order.request.request,
                    .ticket = static_cast<std::uint64_t>(order.ticket),
                    .content = order.request.content,
                    .chunk = static_cast<std::uint32_t>(order.request.chunk),
                    .offset = plan->offset(order.request.chunk),
                    .length = plan->length(order.request.chunk),
                    .reader = std::move(holding->reader)};
}

void Uploads::refuse(SessionId session, std::uint64_t wire_id, wire::ErrorCode code) {
  sessions_.send(session,
                 {.id = wire_id, .payload_bytes = 0, .message = wire::Error{code, std::string(sentence_of(code))}});
}

void Uploads::arm_timer() {
  const auto deadline = queue_.next_deadline();
  if (!deadline) return;
  timer_.expires_at(transport::to_steady(*deadline));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) pump();
  });
}

}  // namespace essaim::node
