// Serves peers of level 0: public shares only, in plain text.
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
#include <boost/asio/ip/tcp.hpp>

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "node/ask_control.hpp"
#include "node/browser.hpp"
#include "node/library.hpp"
#include "node/neighbourhood.hpp"
#include "node/uploads.hpp"
#include "storage/served_file.hpp"
#include "transport/admission_ticket.hpp"
#include "wire/classic_message.hpp"

namespace essaim::node {

// What to send back: a message, or a chunk that is yet to be read.
struct ClassicAnswer {
  std::optional<wire::classic::Message> message;
  struct Chunk {
    std::string file_id;
    std::uint32_t index = 0;
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    std::shared_ptr<const storage::ContentReader> reader;
    ContentId content;
    std::uint64_t ticket = 0;  // Uploads is told when it has left
  };
  std::optional<Chunk> chunk;
  bool close = false;
};

// Decides answers; belongs to the control thread.
class ClassicServer {
 public:
  struct Parts {
    boost::asio::any_io_executor control;
    PeerId self;
    Library& shared;
    Neighbourhood& neighbourhood;
    Browser& browser;
    Uploads& uploads;
    std::function<bool(const PeerId&)> has_proved;  // that it speaks level 1, at any time
    bool enabled = true;                            // else every question is answered ERROR upgrade_required
  };
  explicit ClassicServer(Parts parts) : parts_(std::move(parts)) {}

  // Which connection, from where, and when it has to have said something that can be answered.
  struct Door {
    SessionId connection{};
    Endpoint remote;
    Instant open_by;
  };
  // A whole connection, on its lane. Every question gets an answer, because such peers wait for one; who breaks the
  // frames is told so and let go.
  [[nodiscard]] boost::asio::awaitable<void> converse(boost::asio::ip::tcp::socket socket, Door door,
                                                      transport::AdmissionTicket ticket);
  // What is shared has changed: those who are connected and have said who they are get the new list, unasked, as their
  // own kind does it.
  void push_lists();
  // Connections that were let go because there were too many.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  class Talk;
  // Who is at the other end of one; control's.
  struct Caller {
    Door door;
    boost::asio::any_io_executor lane;
    std::weak_ptr<Talk> talk;    // used on its lane only
    std::optional<PeerId> peer;  // who it says it is
    bool counted = false;        // among talks_
  };
  [[nodiscard]] boost::asio::awaitable<void> hold(std::shared_ptr<Talk> talk, std::shared_ptr<Caller> caller,
                                                  transport::AdmissionTicket ticket);
  [[nodiscard]] static boost::asio::awaitable<void> push(std::weak_ptr<Talk> to, Bytes frame);
  using Respond = node::Respond<ClassicAnswer>;
  void answer(wire::classic::Envelope envelope, const std::shared_ptr<Caller>& caller, const Respond& respond);
  // What need not wait for its turn.
  [[nodiscard]] ClassicAnswer answer_now(wire::classic::Envelope envelope, const std::shared_ptr<Caller>& caller);
  // False when there are too many already.
  [[nodiscard]] bool count(Caller& caller);
  void introduce(const PeerId& peer, const std::shared_ptr<Caller>& caller);
  void forget(const std::shared_ptr<Caller>& caller);
  [[nodiscard]] ClassicAnswer list() const;
  [[nodiscard]] ClassicAnswer chunk(const wire::classic::ChunkRequest& request);
  // Reads and sends it, on the lane; false when it has not left.
  [[nodiscard]] boost::asio::awaitable<bool> serve(std::shared_ptr<Talk> talk, ClassicAnswer::Chunk chunk);
  [[nodiscard]] Bytes encode(wire::classic::Message message) const;
  // A peer that can do better must not be talked into plain text by somebody in between.
  [[nodiscard]] bool can_do_better(const PeerId& peer) const;

  Parts parts_;
  std::vector<std::shared_ptr<Caller>> callers_;  // those who have said who they are
  std::map<IpAddress, std::size_t> talks_;        // connections that have been answered, by address
  std::size_t talks_in_all_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace essaim::node
