// Fetches a list of contents from all who hold them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "content/chunk_plan.hpp"
#include "swarm/failure_marks.hpp"
#include "swarm/item_table.hpp"
#include "swarm/limits.hpp"
#include "swarm/open_item.hpp"
#include "swarm/picker.hpp"
#include "swarm/progress.hpp"
#include "swarm/rate_meter.hpp"
#include "swarm/readings.hpp"
#include "swarm/request_book.hpp"
#include "swarm/source.hpp"
#include "swarm/token_bucket.hpp"
#include "swarm/types.hpp"

namespace essaim::swarm {

// Decides what to ask of whom. Pure: no I/O, no clock; same seed and same calls, same answers.
//
// === Specification ===
// The driver reports events; after each, or after a batch, and when next_deadline() comes (on_time() first), it calls
// take_actions() and does what that says. Reports about requests and sources that are unknown (forgotten, cancelled,
// of a source that left) are ignored. Items are contents: the driver lists twins of one content once.
//
//  - Items are opened in order (see ItemTable) while the open ones miss fewer than kOpenChunksTarget chunks; a source
//    that has nothing to give of those opens what it does hold.
//    Why: a list of a million files then costs no more to choose from than one large file, yet nobody idles.
//  - An item of more than one chunk needs its manifest first. It is asked of one source at a time, kLeavesPerAskMax
//    leaves at once, from 0 again with another source when one fails; of half of a source's requests at most.
//    Why: only a whole list of leaves can be checked, so one source must answer for all of it; and asked ahead of
//    their items' turn, manifests make many files one stream and not a round trip each.
//  - A draft's leaves, which its owner makes as it reads, are asked for from the first unknown one on, and again
//    kDraftLeavesInterval after an answer that was not full. A chunk is asked for as soon as its leaf is known.
//  - Every source is asked for as much as its SourceWindow lets it, of the chunks it holds, in the Picker's order.
//  - A chunk is asked of one source until that request is overdue (SourceWindow::timeout).
//    Why: a local network is bandwidth-bound; a duplicate only delays another chunk.
//  - An overdue chunk is offered to the other sources while the first request stays: a late answer counts if it
//    comes first. A source that has been silent since the request was made has all of its requests overdue with it,
//    and is asked nothing (it is *snubbed*) until it delivers or has nothing left to answer. After
//    kGiveUpAfterOverdue more the request is cancelled, and the source may be asked again. Overdue manifests are
//    cancelled at once.
//    Why: one deadline finds a stall within 2 s; but cancelling chunks would make slow sources start over for ever.
//  - What failed at one source goes to another that holds it, and comes back to the same only when every usable
//    holder has failed it (FailureMarks). A usable source is neither snubbed nor resting.
//  - kNotFound and kChanged: the source no longer counts as holding the chunk (kChanged, or a manifest: the item).
//    kBusy, kTimeout, kClosed: it rests kRestMin, doubled up to kRestMax. kDisk: the whole download waits kDiskRest.
//    kBadHash: a lie; from then on it is asked one thing at a time, and after kLiesMax it is out for good.
//    Why: a lie is proven by the hash alone, so the liar is known, and costs at most a window and kLiesMax chunks.
//  - Endgame: once nothing but requests in flight is missing, a chunk is also asked of up to kRacersMax others, the
//    soonest first, if the newcomer should need less than half of the time still expected of those asked before, and
//    kRaceGainMin can be won; kRaceInterval after the last request for it at the earliest. A request late by x is
//    expected to take x more. The first answer cancels the rest.
//    Why: the last chunks of a slow source would decide when all is done; among equal sources racing is waste.
//  - What somebody reads while it comes is asked for before all else, as Readings specifies.
//  - Pausing asks for nothing new; what is in flight is still taken.
//
// Cost: O(log n) a request for sources that hold all; for others one pass over the chunks on offer fills an eighth of
// the window, and a source that found nothing is not looked at again until something it holds is on offer.
// Memory: 44 bytes and two bits an item; about 24 bytes a chunk of an open item; for each source that holds a part,
// a bit an item and a bit a chunk of the items it holds in part.
class Download {
 public:
  // At most kItemsMax items of at most content::kContentBytesMax bytes each; the driver checks what peers claim.
  Download(std::vector<Item> items, DownloadOptions options, std::uint64_t seed);

  // What is here already; at any time.
  void mark_have(ChunkRef chunk);                                // a chunk is on the disk and verified
  void mark_item_done(ItemIndex item);                           // all of it is, and nothing remains to be finished
  void mark_manifest_known(ItemIndex item);                      // its leaves were kept from an earlier run
  void mark_draft_leaves(ItemIndex item, std::uint32_t leaves);  // so many of a draft were, from the first on
  void mark_item_lost(ItemIndex item);  // what was verified is gone (a failed sync): fetch it again

  void on_source_added(SourceId source, SourceTraits traits, Instant now);
  void on_source_lost(SourceId source, Instant now);
  // Chunks the item does not have are ignored: the list is a peer's.
  void on_have(SourceId source, ItemIndex item, std::span<const content::ChunkIndex> chunks, Instant now);
  void on_have_whole(SourceId source, ItemIndex item, Instant now);

  // For the last range of an item: the leaves are checked whole against the content id.
  void on_manifest(RequestId request, Instant now);
  void on_draft_leaves(RequestId request, std::uint32_t leaves, Instant now);  // the first so many of those asked for
  void on_manifest_failed(RequestId request, FailReason reason, Instant now);
  // The chunk is checked, and on the disk as far as a crash of this program goes.
  void on_chunk_verified(RequestId request, Instant now);
  void on_chunk_failed(RequestId request, FailReason reason, Instant now);

  void pause();
  void resume();
  void set_bytes_per_second(std::optional<std::uint64_t> limit);
  // Somebody reads from there on; a position past the end is the end of it. Whether anything has changed by it.
  bool set_reading(ReaderId reader, ChunkRef position);
  void end_reading(ReaderId reader);

  [[nodiscard]] std::vector<Action> take_actions(Instant now);
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  void on_time(Instant now);

  [[nodiscard]] bool done() const;
  [[nodiscard]] std::optional<StallReason> stalled() const { return stalled_; }  // as of the last take_actions()
  [[nodiscard]] Progress progress(Instant now) const;
  [[nodiscard]] std::vector<MapCell> map() const;  // none where there are no bytes, or above kMapItemsMax
  [[nodiscard]] bool has(ChunkRef chunk) const;
  [[nodiscard]] const Item& item(ItemIndex index) const { return table_.item(index); }
  void check_invariants() const;  // testing only; slow

 private:
  enum class Room { kLeft, kNone };
  // Items (download_items.cpp).
  OpenItem& open(ItemIndex item);
  [[nodiscard]] OpenItem* open_unless_done(ItemIndex item);
  void open_ahead();
  std::size_t open_for(const Source& source);
  void close(ItemIndex item);
  void verify(ChunkRef chunk);
  void learn_leaves(ItemIndex item, std::uint32_t leaves);
  void want_manifest(ItemIndex item);
  void offer_unless_asked(ChunkRef chunk);
  void wake_holders(const Work& work);
  void wake_all();
  [[nodiscard]] std::uint32_t length(ChunkRef chunk) const;
  [[nodiscard]] std::uint32_t leaves_to_ask(ItemIndex item, std::uint32_t first) const;
  // Sources (download_sources.cpp).
  void remove(SourceId source);
  void drop(SourceId source, DropReason reason);
  void count_out(const Source& source, ItemIndex item);
  void lose_chunk(Source& source, ChunkRef chunk);
  void lose_item(Source& source, ItemIndex item);
  void spell_out(Source& source);
  [[nodiscard]] Source& source_of(const Request& request);
  // Requests that end or are late (download_answers.cpp).
  [[nodiscard]] std::optional<Request> end_delivered(RequestId id, WorkKind kind, Instant now);
  void fail(RequestId id, WorkKind kind, FailReason reason, Instant now);
  std::optional<Request> end_undelivered(RequestId id);
  void make_room(Source& source, WorkKind ended);
  void cancel(RequestId id);
  void want_again(const Request& request);
  void judge(SourceId source, const Request& request, FailReason reason, Instant now);
  void on_expired(const Request& request, Instant now);
  void set_overdue(const Request& request, Instant now);
  void give_up(const Request& request, Instant now);
  // Asking (download_asking.cpp).
  void fill(Source& source, Instant now);
  [[nodiscard]] Room ask_manifests(Source& source, Instant now);
  [[nodiscard]] Room ask_chunks(Source& source, Instant now);
  void ask_manifest(Source& source, ItemIndex item, std::uint32_t first, Instant now);
  void ask_chunk(Source& source, ChunkRef chunk, Instant now);
  RequestId enter(Source& source, Request request, Instant now);
  [[nodiscard]] bool may_ask(const Source& source, const Work& work) const;
  [[nodiscard]] bool has_room(Source& source, std::uint32_t bytes, Instant now);
  [[nodiscard]] bool in_endgame() const;
  void race(Instant now);
  bool race_chunk(ChunkRef chunk, Instant now);
  [[nodiscard]] Duration still_expected_of(const Request& request, Instant now);
  // Reading while it comes (download_reading.cpp).
  void serve_readers(Instant now);
  [[nodiscard]] bool is_on_offer(ChunkRef chunk) const;
  [[nodiscard]] Room ask_for_reader(const Readings::Wanted& wanted, Instant now);
  [[nodiscard]] Duration expected_of(const Source& source, std::uint32_t bytes, Instant now) const;
  void race_readings(Instant now);
  [[nodiscard]] std::optional<StallReason> find_stall() const;
  void check_items() const;
  void check_requests() const;

  ItemTable table_;
  std::map<ItemIndex, OpenItem> open_;
  std::uint64_t open_missing_ = 0;  // chunks that the open items miss
  std::set<ItemIndex> manifests_wanted_;
  std::map<ItemIndex, Instant> leaves_again_;  // drafts of which more leaves are asked for then
  Picker picker_;
  Readings readings_;
  std::vector<Readings::Wanted> reading_;  // as of the last take_actions()
  RequestBook book_;
  FailureMarks marks_;
  std::map<SourceId, Source> sources_;
  std::map<SourceId, SourceRecord> records_;
  std::vector<Action> pending_;
  TokenBucket limit_;
  LimitPlace shared_limit_;
  RateMeter meter_;
  std::uint64_t bytes_total_ = 0;
  std::uint64_t bytes_verified_ = 0;
  bool paused_ = false;
  std::optional<Instant> disk_rest_until_;
  std::optional<Instant> limited_until_;
  std::optional<Instant> race_at_;
  std::optional<Instant> reading_race_at_;
  std::optional<StallReason> stalled_;
};

}  // namespace essaim::swarm
