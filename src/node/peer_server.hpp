// Answers what other level-1 peers ask: lists, searches, manifests, who holds what.
#pragma once
#include <cstdint>
#include <functional>

#include "node/library.hpp"
#include "node/sessions.hpp"
#include "node/swarm_book.hpp"
#include "node/uploads.hpp"

namespace essaim::node {

// Belongs to the control thread. What a viewer may not see is answered exactly as what is not there.
class PeerServer {
 public:
  struct Parts {
    Sessions& sessions;
    Library& shared;
    Contents& contents;
    Fetches& fetches;
    Uploads& uploads;
    Uploads::ViewerOf viewer_of;
  };
  explicit PeerServer(Parts parts) : parts_(std::move(parts)) {}

  // True when the message was a question for this server.
  bool on_message(const Session& session, const wire::Envelope& envelope);
  void on_session_closed(SessionId session) { swarms_.remove(session); }
  // Questions answered `busy`, because the peer had not taken the answers to earlier ones.
  [[nodiscard]] std::uint64_t put_off() const { return put_off_; }

 private:
  void answer(const Session& session, std::uint64_t id, const wire::FileListRequest& request);
  void answer(const Session& session, std::uint64_t id, const wire::Search& request);
  void answer(const Session& session, std::uint64_t id, const wire::ManifestRequest& request);
  void answer(const Session& session, std::uint64_t id, const wire::ChunkRequest& request);
  void answer(const Session& session, std::uint64_t id, const wire::Find& request);
  template <class Message>
  void answer(const Session&, std::uint64_t, const Message&) {}

  void answer_draft(const Session& session, std::uint64_t id, const wire::ManifestRequest& request, const Draft& draft);
  // What can be said of an entry that has no id yet.
  void describe_unhashed(wire::ListEntry& entry, const storage::ShareRecord& share, const storage::FileRecord& record);
  [[nodiscard]] wire::FileListResponse list_shares(const access::Viewer& viewer, const wire::FileListRequest& request);
  void list_folder(const Session& session, std::uint64_t id, const wire::FileListRequest& request);
  void introduce(const Session& newcomer, const ContentId& content);
  void reply(const Session& session, std::uint64_t id, wire::Message message);
  void refuse(const Session& session, std::uint64_t id, wire::ErrorCode code);

  Parts parts_;
  SwarmBook swarms_;
  std::uint64_t put_off_ = 0;
};

// A share, or something inside one, as a line of a list.
[[nodiscard]] std::optional<wire::ListEntry> list_entry_of(const storage::ShareRecord& share);
[[nodiscard]] std::optional<wire::ListEntry> list_entry_of(const storage::ShareRecord& share,
                                                           const storage::FileRecord& record);

}  // namespace essaim::node
