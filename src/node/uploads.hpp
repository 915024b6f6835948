// Serves chunks, at both levels: who asked for what, in the order that the upload queue decides.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/contents.hpp"
#include "node/sessions.hpp"
#include "swarm/upload_queue.hpp"

namespace essaim::node {

// Belongs to the control thread.
class Uploads {
 public:
  using ViewerOf = std::function<access::Viewer(const Session&)>;
  Uploads(const boost::asio::any_io_executor& control, Sessions& sessions, Library& library, Contents& contents,
          ViewerOf viewer_of, swarm::UploadLimits limits);

  void on_request(const Session& session, std::uint64_t wire_id, const wire::ChunkRequest& request);
  // For a connection of level 0, which asks for one thing at a time and has it by now: `serve` is called when it is its
  // turn, with a ticket that on_served() ends. False, and it is never called: too many wait.
  struct KeepRequest {
    SessionId connection{};
    ContentId content;
    std::uint32_t bytes = 0;
  };
  using Serve = std::function<void(std::uint64_t ticket)>;
  [[nodiscard]] bool on_keep_request(const KeepRequest& request, Serve serve);
  void on_served(const std::vector<ServeOutcome>& outcomes);
  void on_session_closed(SessionId id);

  [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }
  [[nodiscard]] std::uint64_t chunks_sent() const { return chunks_sent_; }

 private:
  void pump();
  [[nodiscard]] std::optional<ServeOrder> make_order(const swarm::UploadOrder& order);
  void refuse(SessionId session, std::uint64_t wire_id, wire::ErrorCode code);
  void arm_timer();

  Sessions& sessions_;
  Library& library_;
  Contents& contents_;
  ViewerOf viewer_of_;
  swarm::UploadQueue queue_;
  std::map<SessionId, Serve> keepers_;  // connections of level 0 that wait for their turn
  boost::asio::steady_timer timer_;     // for the queue's next deadline, which a rate limit sets
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t chunks_sent_ = 0;
};

}  // namespace essaim::node
