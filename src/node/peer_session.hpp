// One level-1 connection: its handshake, its HELLO, and then what the two ends of the data path and the control
// thread make of it.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/chunk_intake.hpp"
#include "node/lane_counters.hpp"
#include "node/session_outbox.hpp"
#include "node/session_values.hpp"
#include "node/unsent.hpp"
#include "transport/admission_ticket.hpp"
#include "transport/frame_stream.hpp"
#include "transport/lane.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_stream.hpp"

namespace essaim::node {

// From the first byte (or the dial) to a HELLO read, all in all.
inline constexpr std::chrono::seconds kSessionOpenTimeMax{10};
inline constexpr std::chrono::seconds kDialTimeMax{5};
// How long who broke the frames may take to read why it is let go.
inline constexpr std::chrono::seconds kFarewellTimeMax{2};
// How long outcomes may wait for others to be told together, while more are on their way. Why: at a gigabyte a second a
// chunk comes every quarter of a millisecond, and waking the control thread for each costs more than what it then does.
inline constexpr std::chrono::milliseconds kReportDelay{1};
// How many messages may wait for the control thread before the session stops reading.
inline constexpr std::size_t kUndeliveredMessagesMax = 256;

// Lives on one lane: all its state belongs to that lane's thread. The public calls only pass their values on, so the
// control thread may make them. Its coroutines keep it alive until the connection ends.
class PeerSession : public std::enable_shared_from_this<PeerSession> {
 public:
  // Called on the control thread, in order: SessionOpened first, if the peer proves itself; SessionClosed last, always.
  using Handler = std::function<void(SessionId, SessionEvent)>;
  struct Options {
    SessionId id{};
    Bytes hello;  // our HELLO frame
    boost::asio::any_io_executor control;
    Handler handler;
    std::shared_ptr<LaneCounters> counters;
    Unsent::Total unsent;  // of all sessions
  };
  PeerSession(transport::Lane& lane, const transport::TlsContext& tls, Options options);

  struct Incoming {
    boost::asio::ip::tcp::socket socket;
    Endpoint remote;
    transport::AdmissionTicket ticket;
    Instant open_by;  // kSessionOpenTimeMax after it was accepted, however long its first byte took
  };
  // One of the two, once. A dialled peer is accepted under the expected id only.
  void accept(Incoming incoming);
  void dial(Endpoint remote, PeerId expected);

  void send(Bytes frame);
  // Asks for chunks; the CHUNK_REQUEST frames are made on the lane.
  void order(std::vector<ChunkOrder> orders);
  void forget(std::vector<std::uint64_t> wire_ids);
  void serve(std::vector<ServeOrder> orders);
  // Sends what was pushed before, then closes.
  void finish();
  // The control thread has dealt with a message.
  void delivered();
  // It takes its answers so slowly that it should be asked to come back later.
  [[nodiscard]] bool is_behind() const { return unsent_.behind(); }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using NetError = transport::NetError;
  using StreamError = transport::StreamError;

  template <class Task>
  void on_lane(Task task);
  [[nodiscard]] Awaitable<NetError> run_accepted(Incoming incoming);
  [[nodiscard]] Awaitable<NetError> run_dialled(Endpoint remote, PeerId expected);
  // TLS, then the HELLOs. A peer counts as accepted only with its HELLO: in TLS 1.3 a client's handshake can succeed
  // on the client's side alone.
  [[nodiscard]] Awaitable<Expected<SessionOpened, NetError>> open(Endpoint remote, Instant deadline);
  [[nodiscard]] Awaitable<void> turn_away(wire::FrameError error, Instant deadline);
  [[nodiscard]] Awaitable<NetError> run(SessionOpened opened);
  [[nodiscard]] Awaitable<NetError> read_until_end();
  [[nodiscard]] Awaitable<void> write_until_end();
  [[nodiscard]] Awaitable<Expected<void, NetError>> handle(wire::Frame frame);
  [[nodiscard]] Awaitable<Expected<void, NetError>> deliver(wire::Envelope envelope);
  void push(Bytes frame);
  void cut_if_lost();
  void refuse(std::optional<std::uint64_t> id, wire::ErrorCode code, std::string message);
  void schedule_reports();
  void report();
  void tell(SessionEvent event);
  void close(NetError reason);

  transport::Lane& lane_;
  const transport::TlsContext& tls_;
  Options options_;
  std::optional<transport::TlsStream> stream_;
  std::optional<transport::FrameStream> frames_;
  ChunkIntake intake_;
  Unsent unsent_;
  SessionOutbox outbox_;
  // Outcomes since the last report: many small chunks make one message to control.
  std::vector<ChunkOutcome> chunk_outcomes_;
  std::vector<ServeOutcome> serve_outcomes_;
  bool report_scheduled_ = false;
  boost::asio::steady_timer report_timer_;
  bool finish_asked_ = false;
  bool was_cut_ = false;
  std::atomic<std::size_t> undelivered_ = 0;
  boost::asio::steady_timer room_;  // never expires: cancelling it wakes a reader that waits for control
};

}  // namespace essaim::node
