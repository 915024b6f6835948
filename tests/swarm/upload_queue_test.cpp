#include "swarm/upload_queue.hpp"

#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "swarm/random.hpp"
#include "swarm/rate.hpp"

namespace essaim::swarm {
namespace {

constexpr std::uint32_t kChunk = 256 * kKiB;
const Instant kStart{1000s};

ContentId content_id(std::uint8_t number) {
  ContentId id;
  id.bytes.fill(number);
  return id;
}

UploadRequest request(std::uint64_t asker, std::uint64_t number, std::uint32_t bytes = kChunk) {
  return {.asker = AskerId{asker},
          .request = number,
          .content = content_id(1),
          .chunk = content::ChunkIndex{static_cast<std::uint32_t>(number)},
          .bytes = bytes};
}
// Not more than kServedTogetherMax of these askers want the same, so all of them can be in turn.
UploadRequest request_of_few(std::uint64_t asker, std::uint64_t number, std::uint32_t bytes = kChunk) {
  UploadRequest made = request(asker, number, bytes);
  made.content = content_id(static_cast<std::uint8_t>(asker / kServedTogetherMax));
  return made;
}

void enqueue(UploadQueue& queue, const UploadRequest& what) {
  ASSERT_EQ(queue.enqueue(what, kStart), Admission::kQueued);
  queue.check_invariants();
}

TEST(UploadQueue, HasNothingToGiveAtFirst) {
  UploadQueue queue({});
  EXPECT_FALSE(queue.take_next(kStart).has_value());
  EXPECT_EQ(queue.next_deadline(), std::nullopt);
}

TEST(UploadQueue, ServesOneAskerInOrder) {
  UploadQueue queue({});
  for (std::uint64_t each = 0; each < 3; ++each) enqueue(queue, request(1, each));
  for (std::uint64_t each = 0; each < 3; ++each) EXPECT_EQ(queue.take_next(kStart)->request.request, each);
  EXPECT_FALSE(queue.take_next(kStart).has_value());
}

TEST(UploadQueue, SharesBytesAlikeWhateverIsAsked) {
  UploadQueue queue({});
  std::map<AskerId, std::uint64_t> bytes;
  // Asker 1 asks for large chunks and many, asker 2 for small ones, asker 3 for few at a time.
  const auto top_up = [&queue](std::uint64_t asker, std::uint32_t size, std::size_t waiting, std::uint64_t round) {
    for (std::size_t each = 0; each < waiting; ++each)
      (void)queue.enqueue(request(asker, round * 1000 + each, size), kStart);
  };
  for (std::uint64_t round = 0; round < 200; ++round) {
    top_up(1, 4 * kMiB, 20, round);
    top_up(2, 100'000, 200, round);
    top_up(3, kChunk, 20, round);
    for (int i = 0; i < 30; ++i) {
      const auto order = queue.take_next(kStart);
      ASSERT_TRUE(order.has_value());
      bytes[order->request.asker] += order->request.bytes;
      queue.on_served(order->ticket);
    }
    queue.check_invariants();
  }
  const double third = static_cast<double>(bytes[AskerId{1}] + bytes[AskerId{2}] + bytes[AskerId{3}]) / 3;
  for (const auto& [asker, got] : bytes) EXPECT_NEAR(static_cast<double>(got), third, 4.0 * kMiB);
}

TEST(UploadQueue, GivesNoCreditForTimeAway) {
  UploadQueue queue({});
  for (std::uint64_t each = 0; each < 100; ++each) enqueue(queue, request(1, each));
  for (int i = 0; i < 50; ++i) queue.on_served(queue.take_next(kStart)->ticket);
  for (std::uint64_t each = 0; each < 100; ++each) enqueue(queue, request(2, 1000 + each));
  int of_late_comer = 0;
  for (int i = 0; i < 20; ++i) {
    const auto order = queue.take_next(kStart);
    of_late_comer += order->request.asker == AskerId{2} ? 1 : 0;
    queue.on_served(order->ticket);
  }
  EXPECT_NEAR(of_late_comer, 10, 1);
}

TEST(UploadQueue, BoundsWhatOneAskerQueues) {
  UploadQueue queue({});
  for (std::uint64_t each = 0; each < kUploadQueuePerAskerMax; ++each) {
    ASSERT_EQ(queue.enqueue(request(1, each), kStart), Admission::kQueued);
  }
  EXPECT_EQ(queue.enqueue(request(1, 9999), kStart), Admission::kBusy);
  EXPECT_EQ(queue.enqueue(request(2, 0), kStart), Admission::kQueued) << "the others are not busy";
  queue.cancel(AskerId{1}, 5);
  EXPECT_EQ(queue.enqueue(request(1, 9999), kStart), Admission::kQueued);
}

TEST(UploadQueue, BoundsHowManyAsk) {
  UploadQueue queue({});
  for (std::uint64_t asker = 0; asker < kAskersMax; ++asker) {
    ASSERT_EQ(queue.enqueue(request_of_few(asker, 0), kStart), Admission::kQueued);
  }
  UploadRequest another = request(kAskersMax, 0);
  another.content.bytes[0] = 0xFF;
  EXPECT_EQ(queue.enqueue(another, kStart), Admission::kBusy);
  queue.on_asker_gone(AskerId{3});
  EXPECT_EQ(queue.enqueue(another, kStart), Admission::kQueued);
  queue.check_invariants();
}

TEST(UploadQueue, ServesSoManyAskersOfOneContentTogether) {
  UploadQueue queue({});
  for (std::uint64_t asker = 0; asker < kServedTogetherMax; ++asker) enqueue(queue, request(asker, 0));
  EXPECT_EQ(queue.enqueue(request(100, 0), kStart), Admission::kBusy);
  enqueue(queue, request_of_few(100, 0));  // other content
  enqueue(queue, request(0, 1));           // it is still its turn
  queue.cancel(AskerId{1}, 0);
  enqueue(queue, request(101, 0));
  EXPECT_EQ(queue.enqueue(request(102, 0), kStart), Admission::kBusy);
  queue.on_asker_gone(AskerId{101});
  enqueue(queue, request(102, 0));
  std::vector<UploadTicket> given;
  while (const auto order = queue.take_next(kStart)) given.push_back(order->ticket);
  EXPECT_EQ(queue.enqueue(request(103, 0), kStart), Admission::kBusy) << "what is in service counts too";
  for (const UploadTicket ticket : given) queue.on_served(ticket);
  enqueue(queue, request(103, 0));
}

TEST(UploadQueue, EndsATurnOnlyWhenOthersWait) {
  UploadQueue queue({});
  for (std::uint64_t asker = 0; asker < kServedTogetherMax; ++asker) enqueue(queue, request(asker, 0));
  EXPECT_EQ(queue.enqueue(request(0, 1), kStart + 1h), Admission::kQueued) << "nobody else has come";
  EXPECT_EQ(queue.enqueue(request(100, 0), kStart + kTurnTime - Duration(1)), Admission::kBusy);
  EXPECT_EQ(queue.enqueue(request(0, 2), kStart + kTurnTime - Duration(1)), Admission::kQueued);
  EXPECT_EQ(queue.enqueue(request(0, 3), kStart + kTurnTime), Admission::kBusy);
  for (int i = 0; i < 3; ++i) queue.cancel(AskerId{0}, static_cast<std::uint64_t>(i));
  EXPECT_EQ(queue.enqueue(request(0, 4), kStart + kTurnTime), Admission::kQueued) << "a turn of its own begins";
  EXPECT_EQ(queue.enqueue(request(0, 5), kStart + 1h), Admission::kQueued);
  queue.check_invariants();
}

TEST(UploadQueue, CountsNoSlowAskerAmongThoseInTurn) {
  UploadQueue queue({});
  for (std::uint64_t asker = 0; asker < kServedTogetherMax; ++asker) {
    enqueue(queue, request(asker, 0));
    (void)queue.take_next(kStart);
  }
  const Duration brisk = time_for(kChunk, kBriskBytesPerSecond);
  EXPECT_EQ(queue.enqueue(request(100, 0), kStart + brisk), Admission::kBusy);
  EXPECT_EQ(queue.enqueue(request(100, 0), kStart + brisk + Duration(1)), Admission::kQueued);
}

TEST(UploadQueue, CountsNobodyWhoWaitsForItsOwnLimit) {
  UploadQueue queue({.bytes_per_second_each = kRateLimitMinBytesPerSecond});
  for (std::uint64_t asker = 0; asker < kServedTogetherMax; ++asker) {
    for (std::uint64_t each = 0; each < 2; ++each) enqueue(queue, request(asker, each));
    queue.on_served(queue.take_next(kStart)->ticket);
  }
  enqueue(queue, request(100, 0));
}

TEST(UploadQueue, ServesWhoKeepsWhatItGetsBesideThoseInTurn) {
  UploadQueue queue({.bytes_per_second = 1 * kMiB});
  const auto keeping = [](std::uint64_t asker, std::uint64_t number) {
    UploadRequest made = request(asker, number);
    made.trade = Trade::kKeeps;
    return made;
  };
  for (std::uint64_t keeper = 100; keeper < 110; ++keeper) enqueue(queue, keeping(keeper, 0));
  for (std::uint64_t asker = 0; asker < kServedTogetherMax; ++asker) enqueue(queue, request(asker, 0));
  EXPECT_EQ(queue.enqueue(request(50, 0), kStart), Admission::kBusy);
  EXPECT_EQ(queue.enqueue(keeping(110, 0), kStart), Admission::kQueued);
  EXPECT_EQ(queue.enqueue(keeping(110, 1), kStart + 1h), Admission::kQueued) << "its turn does not end";
  ASSERT_TRUE(queue.take_next(kStart).has_value());
  EXPECT_FALSE(queue.take_next(kStart).has_value()) << "one limit for both";
  queue.check_invariants();
}

TEST(UploadQueue, LetsASlowTakerFillAtMostHalfAndServesTheOthers) {
  UploadQueue queue({});
  for (std::uint64_t each = 0; each < kUploadQueuePerAskerMax; ++each) enqueue(queue, request(1, each));
  std::uint64_t slow = 0;
  while (const auto order = queue.take_next(kStart)) slow += order->request.bytes;
  EXPECT_EQ(slow, kUploadBytesInServiceMax / 2);
  for (std::uint64_t round = 0; round < 500; ++round) {
    ASSERT_EQ(queue.enqueue(request(2, 1000 + round), kStart), Admission::kQueued);
    const auto order = queue.take_next(kStart);
    ASSERT_TRUE(order.has_value());
    EXPECT_EQ(order->request.asker, AskerId{2});
    queue.on_served(order->ticket);
  }
  queue.check_invariants();
}

TEST(UploadQueue, NeverHasMoreInServiceThanItsBound) {
  UploadQueue queue({});
  for (std::uint64_t asker = 0; asker < 64; ++asker) {
    for (std::uint64_t each = 0; each < 10; ++each) {
      ASSERT_EQ(queue.enqueue(request_of_few(asker, each, content::kChunkBytesMax), kStart), Admission::kQueued);
    }
  }
  std::size_t given = 0;
  while (queue.take_next(kStart)) ++given;
  queue.check_invariants();
  EXPECT_EQ(given, kUploadBytesInServiceMax / content::kChunkBytesMax);
  queue.on_served(UploadTicket{0});
  queue.on_served(UploadTicket{0});
  queue.on_served(UploadTicket{123456});
  EXPECT_EQ(queue.bytes_in_service(), kUploadBytesInServiceMax - content::kChunkBytesMax);
  EXPECT_TRUE(queue.take_next(kStart).has_value());
}

TEST(UploadQueue, GivesDifferentChunksToDifferentAskersFirst) {
  // Four askers want the same sixteen chunks in the same order: after four rounds all sixteen have left once.
  UploadQueue queue({});
  for (std::uint64_t asker = 1; asker <= 4; ++asker) {
    for (std::uint64_t each = 0; each < 16; ++each) enqueue(queue, request(asker, each));
  }
  std::set<content::ChunkIndex> left;
  for (int i = 0; i < 16; ++i) {
    const auto order = queue.take_next(kStart);
    left.insert(order->request.chunk);
    queue.on_served(order->ticket);
  }
  EXPECT_EQ(left.size(), 16U);
}

TEST(UploadQueue, LooksOnlyAtSoManyOfTheOldestRequests) {
  for (const std::uint64_t fresh : {kUploadLookahead - 1, kUploadLookahead}) {
    UploadQueue queue({});
    for (std::uint64_t each = 0; each < fresh; ++each) {  // all chunks before the fresh one have been served
      enqueue(queue, request(1, each));
      queue.on_served(queue.take_next(kStart)->ticket);
    }
    for (std::uint64_t each = 0; each <= fresh; ++each) enqueue(queue, request(2, each));
    EXPECT_EQ(queue.take_next(kStart)->request.request, fresh < kUploadLookahead ? fresh : 0);
  }
}

TEST(ServedCounts, LetsOldTimesWeighLess) {
  ServedCounts counts;
  const auto add = [&counts](std::size_t times, std::uint32_t chunk) {
    for (std::size_t each = 0; each < times; ++each) counts.add(content_id(1), content::ChunkIndex{chunk});
  };
  add(1000, 1);
  EXPECT_EQ(counts.count(content_id(1), content::ChunkIndex{1}), 1000);
  EXPECT_EQ(counts.count(content_id(1), content::ChunkIndex{2}), 0);
  add(8 * kServedCounters - 1001, 2);
  EXPECT_EQ(counts.count(content_id(1), content::ChunkIndex{1}), 1000);
  EXPECT_EQ(counts.count(content_id(1), content::ChunkIndex{2}), 65'535) << "saturates";
  add(1, 2);
  EXPECT_EQ(counts.count(content_id(1), content::ChunkIndex{1}), 500);
}

TEST(UploadQueue, PassesTheOldestOverOnlySoOften) {
  UploadQueue queue({});
  // Chunk 0 has been served often; the asker keeps asking for chunks that were not.
  for (int i = 0; i < 100; ++i) {
    enqueue(queue, request(1, 0));
    queue.on_served(queue.take_next(kStart)->ticket);
  }
  enqueue(queue, request(2, 0));
  std::uint32_t passed_over = 0;
  for (std::uint64_t next = 1;; ++next) {
    enqueue(queue, request(2, next));
    const auto order = queue.take_next(kStart);
    queue.on_served(order->ticket);
    if (order->request.request == 0) break;
    ++passed_over;
    ASSERT_LE(passed_over, kPassedOverMax);
  }
  EXPECT_EQ(passed_over, kPassedOverMax);
}

TEST(UploadQueue, ForgetsWhatIsCancelledAndWhoIsGone) {
  UploadQueue queue({});
  enqueue(queue, request(1, 0));
  enqueue(queue, request(1, 1));
  enqueue(queue, request(2, 7));
  const auto in_service = queue.take_next(kStart);
  ASSERT_EQ(in_service->request.asker, AskerId{1});
  queue.cancel(AskerId{1}, 1);
  queue.cancel(AskerId{1}, 99);
  queue.cancel(AskerId{9}, 1);
  queue.on_asker_gone(AskerId{1});
  queue.on_asker_gone(AskerId{9});
  queue.check_invariants();
  EXPECT_EQ(queue.waiting(), 1U);
  EXPECT_EQ(queue.bytes_in_service(), kChunk) << "given to a lane is given";
  queue.on_served(in_service->ticket);
  EXPECT_EQ(queue.bytes_in_service(), 0U);
  EXPECT_EQ(queue.take_next(kStart)->request.asker, AskerId{2});
  EXPECT_FALSE(queue.take_next(kStart).has_value());
}

TEST(UploadQueue, KeepsTheLimitOfTheNode) {
  UploadQueue queue({.bytes_per_second = 1 * kMiB});
  std::uint64_t passed = 0;
  Instant now = kStart;
  for (std::uint64_t each = 0; now < kStart + 10s; ++each) {
    (void)queue.enqueue(request(each % 3, each), now);
    if (const auto order = queue.take_next(now)) {
      passed += order->request.bytes;
      queue.on_served(order->ticket);
    } else {
      ASSERT_TRUE(queue.next_deadline().has_value());
      ASSERT_GT(*queue.next_deadline(), now);
      now = *queue.next_deadline();
    }
  }
  EXPECT_GE(passed, 10 * kMiB);
  EXPECT_LE(passed, 10 * kMiB + 2 * kChunk);
}

TEST(UploadQueue, KeepsTheLimitOfEachAskerAndServesTheOthersMeanwhile) {
  UploadQueue queue({.bytes_per_second_each = 1 * kMiB});
  for (std::uint64_t each = 0; each < 20; ++each) enqueue(queue, request(1, each));
  (void)queue.take_next(kStart);
  EXPECT_FALSE(queue.take_next(kStart).has_value());
  enqueue(queue, request(2, 0));
  EXPECT_EQ(queue.take_next(kStart)->request.asker, AskerId{2});
  EXPECT_FALSE(queue.take_next(kStart).has_value());
  ASSERT_TRUE(queue.next_deadline().has_value());
  EXPECT_TRUE(queue.take_next(*queue.next_deadline()).has_value());
  queue.set_limits({});
  EXPECT_TRUE(queue.take_next(kStart).has_value());
}

TEST(UploadQueue, HoldsItsInvariantsUnderRandomCommands) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    UploadQueue queue({.bytes_per_second = 200 * kMiB});
    std::vector<UploadTicket> tickets;
    std::uint64_t next_asker = 5;
    std::vector<std::uint64_t> askers{0, 1, 2, 3, 4};
    Instant now = kStart;
    for (std::uint64_t step = 0; step < 300; ++step) {
      std::uint64_t& asker = askers[random.below(askers.size())];
      switch (random.below(8)) {
        case 0: queue.cancel(AskerId{asker}, random.below(step + 1)); break;
        case 1:
          if (random.below(4) == 0) queue.on_asker_gone(AskerId{std::exchange(asker, next_asker++)});
          break;
        case 2:
        case 3:
          if (const auto order = queue.take_next(now)) tickets.push_back(order->ticket);
          break;
        case 4:
          if (!tickets.empty()) queue.on_served(tickets[random.below(tickets.size())]);
          break;
        default: (void)queue.enqueue(request(asker, step, static_cast<std::uint32_t>(1 + random.below(4 * kMiB))), now);
      }
      now += Duration(static_cast<std::int64_t>(random.below(20'000)));
      queue.check_invariants();
    }
  }
}

}  // namespace
}  // namespace essaim::swarm
