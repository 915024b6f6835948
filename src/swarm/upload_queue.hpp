// Which chunk to serve next, and to whom.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "content/chunk_plan.hpp"
#include "swarm/limits.hpp"
#include "swarm/served_counts.hpp"
#include "swarm/token_bucket.hpp"

namespace essaim::swarm {

// Who asks: a session, whatever its owner numbers them by.
enum class AskerId : std::uint64_t {};
// A request that take_next() gave and that on_served() ends. Never given twice.
enum class UploadTicket : std::uint64_t {};

// What an asker makes of what it gets.
enum class Trade {
  kPassesOn,  // gives it to others at once, and asks again when it was turned away
  kKeeps,     // a peer of level 0: its chunks go nowhere else, and to be turned away would be the end to it
};

struct UploadRequest {
  AskerId asker{};
  std::uint64_t request = 0;  // the asker's own name for it
  ContentId content;
  content::ChunkIndex chunk{};
  std::uint32_t bytes = 0;  // of the answer; 1 … content::kChunkBytesMax
  Trade trade = Trade::kPassesOn;
  friend bool operator==(const UploadRequest&, const UploadRequest&) = default;
};

struct UploadOrder {
  UploadTicket ticket{};
  UploadRequest request;
};

struct UploadLimits {
  std::optional<std::uint64_t> bytes_per_second{};       // all askers together
  std::optional<std::uint64_t> bytes_per_second_each{};  // one asker
};

enum class Admission {
  kQueued,
  kBusy,  // the asker has kUploadQueuePerAskerMax waiting, or it is the turn of others; it may ask again
};

// Pure: no I/O, no clock; same calls, same answers.
//
// === Specification ===
//  - Fair by bytes: of the askers that may be served, the one that has got the fewest bytes is next, counted from when
//    it last came to have something waiting (start-time fair queueing: Goyal, Vin, Cheng 1996).
//    Why: an asker that asks for more, or with larger chunks, gets no larger part; one that comes late gets no credit
//    for the time it was away.
//  - An asker has its turn as long as something of its is waiting or in service. At most kServedTogetherMax askers of
//    one content have their turn together; who comes besides is turned away. Once somebody was, a turn that has lasted
//    kTurnTime ends: what is queued is still served, more is not taken. Who takes what it is given more slowly than
//    kBriskBytesPerSecond, or waits for its own rate limit, does not count.
//    Why: what many take side by side, all of them get late and at once. What few take, they can soon give away
//    themselves; those who come later then ask for what is still rare, so a lone holder sends little twice. Who asks
//    for other content could not have it from them, and a slow one takes nothing from the others.
//  - Who keeps what it gets (Trade::kKeeps) has its turn whoever else has one, does not count among those who are
//    served together, and what it gets counts for nobody as served before.
//  - In service (given by take_next(), not yet ended by on_served()) are at most kUploadBytesInServiceMax bytes, and an
//    asker may have no more than what is free besides (dynamic thresholds: Choudhury, Hahne 1998).
//    Why: memory is bounded; and an asker that takes slowly fills at most half of it, two of them a third each, so it
//    never stands in another's way.
//  - Within one asker's turn: of its kUploadLookahead oldest requests, the chunk that was served to anyone the fewest
//    times (ServedCounts), the oldest of equals; but the oldest request is passed over at most kPassedOverMax times.
//    Why: a lone holder with many askers then gives away different chunks first, so they can trade and its copy leaves
//    about once; and nobody waits for ever.
//  - Rate limits: one for all and one an asker, never below kRateLimitMinBytesPerSecond (TokenBucket).
//
// Cost: O(log askers) a call, and take_next() passes over askers that must wait, at most kAskersMax.
class UploadQueue {
 public:
  explicit UploadQueue(UploadLimits limits);

  [[nodiscard]] Admission enqueue(const UploadRequest& request, Instant now);
  // Nothing: nobody waits, or all who do must (for on_served(), or for next_deadline()).
  [[nodiscard]] std::optional<UploadOrder> take_next(Instant now);
  // The bytes have left, or never will. Unknown tickets are ignored.
  void on_served(UploadTicket ticket);

  // Forget what waits; what is in service still ends by on_served(). An AskerId that is gone is not used again.
  void cancel(AskerId asker, std::uint64_t request);
  void on_asker_gone(AskerId asker);

  void set_limits(UploadLimits limits);
  // When a rate limit, and nothing else, lets take_next() give more. As of the last take_next() that gave nothing.
  [[nodiscard]] std::optional<Instant> next_deadline() const { return limited_until_; }

  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  [[nodiscard]] std::uint64_t bytes_in_service() const { return bytes_in_service_; }
  // Testing only; slow.
  void check_invariants() const;

 private:
  struct Asker {
    explicit Asker(std::optional<std::uint64_t> bytes_per_second) : limit(bytes_per_second) {}
    std::deque<UploadRequest> queue;
    std::uint64_t served = 0;       // bytes it got, or the virtual time when it last came to have something waiting
    std::uint64_t in_service = 0;   // bytes
    std::uint32_t passed_over = 0;  // how often the oldest request was
    TokenBucket limit;
    ContentId content{};  // of its last request
    Trade trade{};        // the same
    Instant turn_began{};
    bool others_wait = false;                  // somebody was turned away since
    std::map<UploadTicket, Instant> given_at;  // what is in service

    [[nodiscard]] bool has_turn() const { return !queue.empty() || in_service > 0; }
  };
  struct InService {
    AskerId asker{};
    std::uint32_t bytes = 0;
  };

  [[nodiscard]] bool may_begin_turn(const UploadRequest& request, Instant now);
  [[nodiscard]] static bool may_go_on(const Asker& asker, Instant now);
  [[nodiscard]] static bool in_the_way(const Asker& asker, Instant now);
  void end_turn_if_idle(AskerId asker);
  [[nodiscard]] bool has_room(const Asker& asker, std::uint32_t bytes) const;
  [[nodiscard]] std::size_t choose(const Asker& asker) const;
  UploadOrder serve(AskerId id, std::size_t position, Instant now);

  UploadLimits limits_;
  TokenBucket limit_;
  std::map<AskerId, Asker> askers_;                   // who has asked and is not gone
  std::set<std::pair<std::uint64_t, AskerId>> line_;  // who waits, by bytes served
  std::set<AskerId> on_turn_;
  std::map<UploadTicket, InService> in_service_;
  ServedCounts counts_;
  std::uint64_t virtual_time_ = 0;  // `served` of who was served last
  std::uint64_t next_ticket_ = 0;
  std::uint64_t bytes_in_service_ = 0;
  std::size_t waiting_ = 0;
  std::optional<Instant> limited_until_;
};

}  // namespace essaim::swarm
