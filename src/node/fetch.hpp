// One swarm::Download at work: it decides, this asks, and the lanes carry it out.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "content/manifest.hpp"
#include "node/classic_feed.hpp"
#include "node/fetch_target.hpp"
#include "node/have_frames.hpp"
#include "node/session_values.hpp"
#include "node/sessions.hpp"
#include "storage/content_reader.hpp"
#include "swarm/download.hpp"
#include "swarm/have_feed.hpp"

namespace essaim::node {

// Belongs to the control thread. What it has fetched it also serves on, from the first chunk until it is let go of,
// which may be after its end.
class Fetch : public std::enable_shared_from_this<Fetch> {
 public:
  struct Parts {
    boost::asio::any_io_executor control;
    Sessions& sessions;
    FetchId id{};
    SwarmScope scope;
    std::shared_ptr<FetchTarget> target;
    std::uint64_t seed = 0;
    std::optional<std::uint64_t> bytes_per_second;
    std::shared_ptr<swarm::FairLimit> shared_limit;
    // An item's leaves have come, and are right.
    std::function<void(swarm::ItemIndex, const std::vector<Leaf>&)> on_leaves{};
    // Somebody who holds all of it says what its SHA-256 is.
    std::function<void(const Sha256&)> on_sha256{};
    std::optional<PeerId> draft_owner{};  // the one item is a draft of this peer's
  };
  Fetch(Parts parts, std::vector<swarm::Item> items);

  // The name that outcomes come back under; before run().
  void set_id(FetchId id) { parts_.id = id; }
  // What is there already, before run().
  void mark_have(swarm::ChunkRef chunk);
  void mark_item_done(swarm::ItemIndex item);
  void set_limit(std::optional<std::uint64_t> bytes_per_second);
  // Leaves kept from an earlier run, checked against the item's id.
  void mark_leaves(swarm::ItemIndex item, std::vector<Leaf> leaves);
  // The first leaves of a draft, as its owner has told them.
  void mark_draft_leaves(std::vector<Leaf> leaves);

  // Asks what the peer holds of it, and to be told what it gets; it becomes a source as soon as it has something.
  void meet(SessionId session);
  // A classic peer that seems to hold all of it; the content is one file. `feed` reports to on_chunks().
  void add_feed(const PeerId& peer, std::shared_ptr<ClassicFeed> feed);
  [[nodiscard]] bool has_fed_from(const PeerId& peer) const;
  [[nodiscard]] bool has_sources() const { return !source_of_.empty(); }
  // From now on the session is told what is held here.
  void follow(SessionId session);
  void on_have(const Session& session, const wire::Have& have, ByteView payload);
  void on_chunks(const std::vector<ChunkOutcome>& outcomes);
  void on_session_closed(SessionId session);

  // Until all is fetched, stop() is called, or the disk fails. Once.
  [[nodiscard]] boost::asio::awaitable<FetchEnd> run();
  void stop();
  [[nodiscard]] Expected<std::shared_ptr<ChunkSink>, storage::StorageError> sink_of(swarm::ItemIndex item) {
    return parts_.target->sink_of(item);
  }
  // Nothing new is asked for until every hold() is let go.
  void hold();
  void let_go();

  [[nodiscard]] bool has_ended() const { return end_.has_value(); }

  // Somebody reads from there on; what comes next there is fetched before all else.
  void set_reading(swarm::ReaderId reader, swarm::ChunkRef position);
  void end_reading(swarm::ReaderId reader) { download_.end_reading(reader); }
  // Until more is stored, or the fetch has ended; at times for nothing. May be cancelled.
  [[nodiscard]] boost::asio::awaitable<void> wait_for_news();

  [[nodiscard]] swarm::Progress progress() const;
  [[nodiscard]] std::optional<swarm::StallReason> stalled() const { return download_.stalled(); }
  [[nodiscard]] const swarm::Download& download() const { return download_; }
  // Who a source is, for people; also of one that left.
  [[nodiscard]] const PeerId& peer_of(swarm::SourceId source) const;
  // True when something was verified since the last call.
  [[nodiscard]] bool take_news();

  // Of a draft: what is known of its leaves, and what it turned out to be.
  [[nodiscard]] std::vector<Leaf> draft_leaves() const;
  [[nodiscard]] const std::optional<ContentId>& content_id() const { return content_id_; }

  // For those who fetch from us.
  [[nodiscard]] const ContentId& root() const { return parts_.scope.root; }
  [[nodiscard]] std::optional<swarm::ItemIndex> item_of(const ContentId& id) const;
  [[nodiscard]] bool holds(swarm::ChunkRef chunk) const;
  [[nodiscard]] std::uint32_t chunks_held(swarm::ItemIndex item) const { return feed_.chunks_held(item); }
  [[nodiscard]] bool is_whole(swarm::ItemIndex item) const { return feed_.whole(item); }
  [[nodiscard]] std::size_t items() const { return item_of_.size(); }
  [[nodiscard]] std::optional<content::Manifest> manifest_of(swarm::ItemIndex item) const;
  [[nodiscard]] auto reader_of(swarm::ItemIndex item) const { return parts_.target->reader_of(item); }

 private:
  // The leaves of an item: complete and checked, or as far as they have come.
  struct Leaves {
    std::vector<Leaf> leaves;
    bool checked = false;
  };
  struct Request {
    SessionId session{};
    std::uint64_t wire_id = 0;
  };

  void schedule_pump();
  void pump();
  void obey(const swarm::AskManifest& ask);
  void obey(const swarm::AskChunk& ask);
  void obey(const swarm::CancelRequest& cancel);
  void obey(const swarm::DropSource& drop);
  void obey(const swarm::FinishItem& finish);
  void flush();
  void arm_timer();
  void end(FetchEnd how);
  [[nodiscard]] boost::asio::awaitable<void> ask_leaves(swarm::AskManifest ask, SessionId session);
  [[nodiscard]] std::optional<swarm::FailReason> take_leaves(const swarm::AskManifest& ask, const Reply& reply);
  // Drafts (fetch_draft.cpp).
  [[nodiscard]] bool is_draft() const { return parts_.draft_owner.has_value(); }
  [[nodiscard]] bool is_owner(SessionId session) const;
  void on_draft_answer(const swarm::AskManifest& ask, const Reply& reply);
  [[nodiscard]] std::optional<std::uint32_t> take_draft_leaves(const swarm::AskManifest& ask, const Reply& reply);
  void on_draft_refused(swarm::FailReason reason);
  void end_draft();
  [[nodiscard]] std::optional<SessionId> session_of(swarm::SourceId source) const;
  void settle(const ChunkOutcome& outcome);
  // The part that deals with the others of the swarm (fetch_swarm.cpp).
  swarm::SourceId add_source(const Session& session, swarm::Claim claim);
  [[nodiscard]] boost::asio::awaitable<void> ask_holding(SessionId session);
  void take_whole(swarm::SourceId source);
  void tell_followers();

  Parts parts_;
  swarm::Download download_;
  std::unordered_map<swarm::ItemIndex, Leaves> leaves_;
  std::unordered_map<ContentId, swarm::ItemIndex> item_of_;
  std::map<SessionId, swarm::SourceId> source_of_;
  std::vector<std::optional<SessionId>> session_of_;         // by SourceId; nothing when it is not here
  std::vector<PeerId> peer_of_;                              // by SourceId
  std::map<SessionId, std::shared_ptr<ClassicFeed>> feeds_;  // by names that no session has
  std::unordered_map<swarm::RequestId, Request> requests_;
  // What one pump has decided, by session, so that each lane gets one message.
  std::map<SessionId, std::vector<ChunkOrder>> orders_;
  std::map<SessionId, std::vector<std::uint64_t>> forgotten_;
  std::optional<FetchEnd> end_;
  std::optional<swarm::RequestId> leaves_asked_;  // of a draft: the request whose answer counts
  std::optional<ContentId> content_id_;           // of a draft, once its leaves are known and checked against it
  bool pump_scheduled_ = false;
  bool news_ = false;
  std::size_t holds_ = 0;
  std::set<SessionId> asked_;    // sessions that were asked what they hold, and have not refused to say
  std::set<SessionId> dropped_;  // sessions of which nothing more is wanted
  swarm::HaveFeed feed_;
  boost::asio::steady_timer timer_;        // the download's next deadline
  boost::asio::steady_timer tell_timer_;   // the feed's
  boost::asio::steady_timer drain_timer_;  // a named draft's end
  boost::asio::steady_timer ended_;        // never expires: cancelled by end()
  boost::asio::steady_timer stored_;       // never expires: cancelled when there is more to read
};

}  // namespace essaim::node
