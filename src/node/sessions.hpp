// All level-1 sessions of the node, and questions asked over them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/endpoint.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "node/peer_session.hpp"
#include "node/session_values.hpp"
#include "transport/lane.hpp"
#include "transport/listener.hpp"
#include "transport/tls_context.hpp"

namespace essaim::node {

inline constexpr std::size_t kSessionsMax = 1024;
inline constexpr std::size_t kSessionsPerPeerMax = 4;
// From one address; from this machine any number. Why: keys are free to make.
inline constexpr std::size_t kSessionsPerAddressMax = 16;
inline constexpr std::chrono::seconds kPingInterval{30};

struct Session {
  SessionId id{};
  PeerId peer;
  Endpoint remote;
  wire::Hello hello;
  std::shared_ptr<PeerSession> link;
};

struct Reply {
  wire::Envelope envelope;
  Bytes payload;
};

// Why a question has no answer.
struct AskFailure {
  enum class Kind { kClosed, kTimeout, kRefused } kind = Kind::kClosed;
  wire::ErrorCode code = wire::ErrorCode::kUnknown;  // of kRefused
};

// Belongs to the control thread.
class Sessions {
 public:
  struct Hooks {
    std::function<bool(const PeerId&)> admits;  // else the session is closed at once
    std::function<void(const Session&)> opened;
    std::function<void(const Session&, transport::NetError)> closed;
    std::function<void(const Session&, wire::Envelope, Bytes payload)> message;  // all that is no answer to ask()
    std::function<void(SessionId, std::vector<ChunkOutcome>)> chunks;
    std::function<void(SessionId, std::vector<ServeOutcome>)> served;
    std::function<wire::Hello()> hello;  // what we say of ourselves now
  };
  Sessions(const boost::asio::any_io_executor& control, transport::Lanes& lanes, const transport::TlsContext& tls,
           Log& log);
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;
  ~Sessions() = default;

  void start(Hooks hooks);
  // Says GOODBYE to all and closes. Answers when all have ended, or when that took too long.
  [[nodiscard]] boost::asio::awaitable<void> stop(std::chrono::milliseconds time_max);

  // A connection whose first byte said level 1; called on its lane.
  [[nodiscard]] std::shared_ptr<PeerSession> make_accepted(transport::Lane& lane, SessionId id, Bytes hello);
  [[nodiscard]] SessionId new_id() { return SessionId{++last_id_}; }
  [[nodiscard]] Bytes hello_frame() const;

  // A session with the peer: one that lives, or one dialled at these addresses, in this order. Calls for the same peer
  // at the same time share one dial.
  [[nodiscard]] boost::asio::awaitable<Expected<SessionId, transport::NetError>> connect(
      PeerId peer, std::vector<Endpoint> addresses);

  [[nodiscard]] const Session* find(SessionId id) const;
  [[nodiscard]] const Session* find_peer(const PeerId& peer) const;
  [[nodiscard]] std::size_t count() const { return sessions_.size(); }
  [[nodiscard]] std::vector<SessionId> ids() const;

  [[nodiscard]] boost::asio::awaitable<Expected<Reply, AskFailure>> ask(SessionId id, wire::Message message,
                                                                        std::chrono::milliseconds timeout);
  void send(SessionId id, const wire::Envelope& envelope);
  // An id for a CHUNK_REQUEST; unique among all that this node asks.
  [[nodiscard]] std::uint64_t new_wire_id() { return ++last_wire_id_; }
  [[nodiscard]] const LaneCounters& lane_counters() const { return *lane_counters_; }
  // Peers that proved themselves, and were let go because there were too many sessions.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Question {
    explicit Question(const boost::asio::any_io_executor& control) : timer(control) {}
    boost::asio::steady_timer timer;
    SessionId session{};
    std::optional<Expected<Reply, AskFailure>> answer;
  };
  struct Dial {
    explicit Dial(const boost::asio::any_io_executor& control) : ended(control) {}
    boost::asio::steady_timer ended;  // cancelled when the dial has succeeded or failed
    std::optional<Expected<SessionId, transport::NetError>> result;
  };

  void on_event(SessionId id, SessionEvent event);
  void on_opened(SessionId id, SessionOpened opened);
  [[nodiscard]] bool has_room_for(const SessionOpened& opened) const;
  void on_message(const Session& session, MessageArrived arrived);
  void on_closed(SessionId id, transport::NetError reason);
  void settle_dial(SessionId id, Expected<SessionId, transport::NetError> result);
  [[nodiscard]] PeerSession::Options options(SessionId id, Bytes hello);
  [[nodiscard]] boost::asio::awaitable<Expected<SessionId, transport::NetError>> dial(PeerId peer, Endpoint address);
  [[nodiscard]] boost::asio::awaitable<void> ping_loop();

  boost::asio::any_io_executor control_;
  transport::Lanes& lanes_;
  const transport::TlsContext& tls_;
  Log& log_;
  Hooks hooks_;
  std::map<SessionId, Session> sessions_;
  std::map<SessionId, std::shared_ptr<Dial>> dials_;  // connections of ours that are not open yet
  std::map<PeerId, std::shared_ptr<Dial>> wanted_;    // connect() calls under way
  std::map<std::uint64_t, std::shared_ptr<Question>> questions_;
  std::uint64_t last_id_ = 0;
  std::uint64_t last_wire_id_ = 0;
  std::uint64_t refused_ = 0;
  std::shared_ptr<LaneCounters> lane_counters_ = std::make_shared<LaneCounters>();
  Unsent::Total unsent_ = std::make_shared<std::atomic<std::size_t>>(0);
  bool stopping_ = false;
  boost::asio::steady_timer ping_timer_;
  boost::asio::steady_timer all_closed_;
};

}  // namespace essaim::node
