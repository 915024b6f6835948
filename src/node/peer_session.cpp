#include "node/peer_session.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/defence.hpp"
#include "transport/clock.hpp"
#include "transport/dialer.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

transport::NetError net_part_of(const transport::StreamError& error) {
  const auto* net = std::get_if<transport::NetError>(&error);
  return net != nullptr ? *net : transport::NetError::kSystem;
}

// The one message that a session opens with, and nothing else.
const wire::Hello* hello_in(const Expected<wire::Envelope, wire::MessageError>& envelope) {
  if (!envelope || envelope->payload_bytes != 0) return nullptr;
  return std::get_if<wire::Hello>(&envelope->message);
}

Bytes chunk_request(const ChunkOrder& order) {
  return wire::encode_message(
      {.id = order.wire_id,
       .payload_bytes = 0,
       .message = wire::ChunkRequest{order.content, static_cast<std::uint32_t>(order.chunk.chunk), 1}});
}

}  // namespace

PeerSession::PeerSession(transport::Lane& lane, const transport::TlsContext& tls, Options options)
    : lane_(lane),
      tls_(tls),
      options_(std::move(options)),
      intake_(lane.number(),
              [this](ChunkOutcome outcome) {
                chunk_outcomes_.push_back(std::move(outcome));
                schedule_reports();
              }),
      unsent_(options_.unsent),
      outbox_(lane.executor(), unsent_,
              [this](ServeOutcome outcome) {
                serve_outcomes_.push_back(std::move(outcome));
                schedule_reports();
              }),
      report_timer_(lane.executor()),
      room_(lane.executor(), asio::steady_timer::time_point::max()) {}

template <class Task>
void PeerSession::on_lane(Task task) {
  lane_.post([self = shared_from_this(), work = std::move(task)]() mutable { work(*self); });
}

void PeerSession::accept(Incoming incoming) {
  asio::co_spawn(lane_.executor(), run_accepted(std::move(incoming)),
                 [self = shared_from_this()](const std::exception_ptr& bug, NetError reason) {
                   self->close(bug ? NetError::kSystem : reason);
                 });
}

void PeerSession::dial(Endpoint remote, PeerId expected) {
  asio::co_spawn(lane_.executor(), run_dialled(remote, std::move(expected)),
                 [self = shared_from_this()](const std::exception_ptr& bug, NetError reason) {
                   self->close(bug ? NetError::kSystem : reason);
                 });
}

void PeerSession::send(Bytes frame) {
  // Counted at once, not when the lane gets to it: control answers many questions in a row.
  unsent_.add(frame.size());
  on_lane([frame = std::move(frame)](PeerSession& self) mutable {
    self.outbox_.push(std::move(frame));
    self.cut_if_lost();
  });
}

void PeerSession::order(std::vector<ChunkOrder> orders) {
  on_lane([orders = std::move(orders)](PeerSession& self) mutable {
    for (ChunkOrder& one : orders) {
      self.push(chunk_request(one));
      self.intake_.expect(std::move(one));
    }
  });
}

void PeerSession::forget(std::vector<std::uint64_t> wire_ids) {
  on_lane([ids = std::move(wire_ids)](PeerSession& self) {
    for (const std::uint64_t id : ids) self.intake_.forget(id);
  });
}

void PeerSession::serve(std::vector<ServeOrder> orders) {
  on_lane([orders = std::move(orders)](PeerSession& self) mutable {
    for (ServeOrder& one : orders) self.outbox_.push(std::move(one));
  });
}

void PeerSession::finish() {
  on_lane([](PeerSession& self) {
    self.finish_asked_ = true;
    self.outbox_.finish();
    if (!self.frames_ && self.stream_) self.stream_->close();
  });
}

void PeerSession::delivered() {
  if (undelivered_.fetch_sub(1) != kUndeliveredMessagesMax) return;
  on_lane([](PeerSession& self) { self.room_.cancel(); });
}

asio::awaitable<transport::NetError> PeerSession::run_accepted(Incoming incoming) {
  stream_.emplace(std::move(incoming.socket), tls_, transport::TlsStream::Role::kServer);
  auto opened = co_await open(incoming.remote, incoming.open_by);
  incoming.ticket.release();
  if (!opened) co_return opened.error();
  co_return co_await run(std::move(*opened));
}

asio::awaitable<transport::NetError> PeerSession::run_dialled(Endpoint remote, PeerId expected) {
  const Instant deadline = transport::now() + kSessionOpenTimeMax;
  auto socket = co_await transport::dial(lane_.executor(), remote, kDialTimeMax);
  if (!socket) co_return socket.error();
  if (finish_asked_) co_return NetError::kCancelled;
  stream_.emplace(std::move(*socket), tls_, transport::TlsStream::Role::kClient, std::move(expected));
  auto opened = co_await open(remote, deadline);
  if (!opened) co_return opened.error();
  co_return co_await run(std::move(*opened));
}

// Who breaks its first frame is told so.
asio::awaitable<void> PeerSession::turn_away(wire::FrameError error, Instant deadline) {
  ++options_.counters->frames_refused;
  const wire::Error why{wire::error_code_of(error), std::string(wire::to_string(error))};
  const Bytes frame = wire::encode_message({.id = {}, .payload_bytes = 0, .message = why});
  if (!co_await frames_->write(frame)) co_return;
  co_await stream_->finish(std::min(deadline, transport::now() + kFarewellTimeMax));
}

asio::awaitable<Expected<SessionOpened, transport::NetError>> PeerSession::open(Endpoint remote, Instant deadline) {
  stream_->set_deadline(deadline);
  auto peer = co_await stream_->handshake();
  if (!peer) co_return fail(peer.error());

  frames_.emplace(*stream_, wire::Level::kPeer);
  frames_->set_deadline(deadline);
  if (auto sent = co_await frames_->write(options_.hello); !sent) co_return fail(sent.error());
  auto frame = co_await frames_->read_frame();
  if (!frame) {
    if (const auto* bad = std::get_if<wire::FrameError>(&frame.error())) co_await turn_away(*bad, deadline);
    co_return fail(net_part_of(frame.error()));
  }
  const auto envelope = wire::parse_message(*frame);
  const wire::Hello* hello = hello_in(envelope);
  const wire::Hello nobody;
  if (!defended(Defence::kHelloFirst) && hello == nullptr) hello = &nobody;
  if (hello == nullptr) co_return fail(NetError::kSystem);
  frames_->set_deadline(std::nullopt);
  frames_->accept_peer();

  SessionOpened opened{.session = weak_from_this(), .peer = std::move(*peer), .remote = remote, .hello = *hello};
  co_return opened;
}

asio::awaitable<transport::NetError> PeerSession::run(SessionOpened opened) {
  using namespace asio::experimental::awaitable_operators;
  tell(std::move(opened));
  auto both = read_until_end() && write_until_end();
  co_return co_await std::move(both);
}

asio::awaitable<transport::NetError> PeerSession::read_until_end() {
  NetError reason = NetError::kClosed;
  while (true) {
    auto frame = co_await frames_->read_frame();
    if (!frame) {
      if (const auto* bad = std::get_if<wire::FrameError>(&frame.error())) {
        ++options_.counters->frames_refused;
        refuse(std::nullopt, wire::error_code_of(*bad), std::string(wire::to_string(*bad)));
      }
      reason = net_part_of(frame.error());
      break;
    }
    if (auto handled = co_await handle(std::move(*frame)); !handled) {
      reason = handled.error();
      break;
    }
  }
  outbox_.finish();
  co_return reason;
}

asio::awaitable<void> PeerSession::write_until_end() {
  static_cast<void>(co_await outbox_.run(*frames_));
  stream_->close();
}

asio::awaitable<Expected<void, transport::NetError>> PeerSession::handle(wire::Frame frame) {
  auto envelope = wire::parse_message(frame);
  if (!envelope) {
    // Never an ERROR for an ERROR: two peers that misread each other would go on for ever.
    const auto* type = frame.object.if_contains("type");
    if (type != nullptr && type->is_string() && type->get_string() == wire::Error::kType) {
      co_return co_await frames_->skip_payload(frame.payload_bytes);
    }
    ++options_.counters->messages_refused;
    refuse(envelope.error().id, wire::ErrorCode::kBadRequest, wire::to_string(envelope.error()));
    co_return co_await frames_->skip_payload(frame.payload_bytes);
  }
  if (std::holds_alternative<wire::ChunkData>(envelope->message)) {
    co_return co_await intake_.take(std::move(*envelope), *frames_);
  }
  if (const auto* unknown = std::get_if<wire::Unknown>(&envelope->message)) {
    ++options_.counters->messages_refused;
    refuse(envelope->id, wire::ErrorCode::kUnsupported, "this peer does not know " + unknown->type);
    co_return co_await frames_->skip_payload(frame.payload_bytes);
  }
  if (std::holds_alternative<wire::Ping>(envelope->message)) {
    push(wire::encode_message({.id = envelope->id, .payload_bytes = 0, .message = wire::Pong{}}));
    co_return Expected<void, NetError>();
  }
  const auto* error = std::get_if<wire::Error>(&envelope->message);
  const bool answers_a_chunk = error != nullptr && envelope->id && intake_.refuse(*envelope->id, error->code);
  if (answers_a_chunk) co_return Expected<void, NetError>();
  co_return co_await deliver(std::move(*envelope));
}

asio::awaitable<Expected<void, transport::NetError>> PeerSession::deliver(wire::Envelope envelope) {
  // Read in steps, so that memory grows with what arrives and not with what is announced.
  Bytes payload;
  while (payload.size() < envelope.payload_bytes) {
    const std::size_t have = payload.size();
    payload.resize(std::min<std::uint64_t>(envelope.payload_bytes, have + wire::kFramePrepareBytesMax));
    auto read = co_await frames_->read_payload(MutableByteView(payload).subspan(have));
    if (!read) co_return read;
  }
  while (undelivered_.load() >= kUndeliveredMessagesMax && !finish_asked_) {
    co_await room_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  undelivered_.fetch_add(1);
  tell(MessageArrived{std::move(envelope), std::move(payload)});
  co_return Expected<void, NetError>();
}

void PeerSession::refuse(std::optional<std::uint64_t> id, wire::ErrorCode code, std::string message) {
  push(wire::encode_message({.id = id, .payload_bytes = 0, .message = wire::Error{code, std::move(message)}}));
}

void PeerSession::push(Bytes frame) {
  unsent_.add(frame.size());
  outbox_.push(std::move(frame));
  cut_if_lost();
}

void PeerSession::cut_if_lost() {
  if (!unsent_.lost() || !stream_ || std::exchange(was_cut_, true)) return;
  ++options_.counters->sessions_cut;
  stream_->close();
}

void PeerSession::schedule_reports() {
  const bool more_to_come = intake_.expects_more() || outbox_.has_more_to_serve();
  if (!more_to_come) report_timer_.cancel();  // its handler reports at once
  if (std::exchange(report_scheduled_, true)) return;
  report_timer_.expires_after(more_to_come ? kReportDelay : std::chrono::milliseconds(0));
  report_timer_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->report(); });
}

void PeerSession::report() {
  report_scheduled_ = false;
  if (!chunk_outcomes_.empty()) tell(ChunksArrived{std::exchange(chunk_outcomes_, {})});
  if (!serve_outcomes_.empty()) tell(ChunksServed{std::exchange(serve_outcomes_, {})});
}

// Without a reference to this: what is left in control's queue when a node ends outlives the lanes, and a session must
// not.
void PeerSession::tell(SessionEvent event) {
  asio::post(options_.control, [handler = options_.handler, id = options_.id, event = std::move(event)]() mutable {
    handler(id, std::move(event));
  });
}

void PeerSession::close(NetError reason) {
  intake_.fail_all();
  on_lane([reason](PeerSession& self) {
    self.report_timer_.cancel();
    self.report();
    self.frames_.reset();
    self.stream_.reset();
    self.tell(SessionClosed{reason});
  });
}

}  // namespace essaim::node
