#include "swarm/source_window.hpp"

#include <deque>

#include <gtest/gtest.h>

#include "swarm/rate.hpp"

namespace essaim::swarm {
namespace {

constexpr std::uint32_t kChunk = 256 * kKiB;
const Instant kStart{1000s};

// A source that answers one request after the other at a rate, each a round trip after it was asked at the earliest;
// always asked for as much as the window allows.
struct Loop {
  SourceWindow window{kRequestsInFlightMax};
  std::uint64_t bytes_per_second;
  Duration round_trip;
  std::uint32_t bytes = kChunk;
  struct Asked {
    SourceWindow::Mark mark;
    Instant due;
  };
  std::deque<Asked> asked{};
  Instant now = kStart;
  Instant free_at = kStart;
  std::uint32_t most_requests = 0;

  void run(Duration time) {
    const Instant end = now + time;
    while (now < end) {
      while (window.has_room(bytes)) {
        free_at = std::max(free_at, now + round_trip) + time_for(bytes, bytes_per_second);
        asked.push_back({window.on_asked(bytes, now), free_at});
      }
      most_requests = std::max(most_requests, window.requests_in_flight());
      now = asked.front().due;
      window.on_delivered(bytes, asked.front().mark, now);
      asked.pop_front();
    }
  }
};

TEST(SourceWindow, StartsWithItsStartWindow) {
  SourceWindow window(kRequestsInFlightMax);
  std::uint64_t asked = 0;
  while (window.has_room(kChunk)) {
    (void)window.on_asked(kChunk, kStart);
    asked += kChunk;
  }
  EXPECT_EQ(asked, kWindowStartBytes);
}

TEST(SourceWindow, AlwaysAllowsOneRequestHoweverLarge) {
  SourceWindow window(1);
  EXPECT_TRUE(window.has_room(content::kChunkBytesMax));
  (void)window.on_asked(content::kChunkBytesMax, kStart);
  EXPECT_FALSE(window.has_room(1));
}

TEST(SourceWindow, BoundsTheNumberOfRequests) {
  for (const std::uint32_t most : {1U, 2U, kRequestsInFlightMax - 1, kRequestsInFlightMax}) {
    SourceWindow window(most);
    for (std::uint32_t i = 0; i < most; ++i) {
      ASSERT_TRUE(window.has_room(1));
      (void)window.on_asked(1, kStart);
    }
    EXPECT_FALSE(window.has_room(1));
  }
  SourceWindow greedy(kRequestsInFlightMax + 1);
  for (std::uint32_t i = 0; i < kRequestsInFlightMax; ++i) (void)greedy.on_asked(1, kStart);
  EXPECT_FALSE(greedy.has_room(1));
}

TEST(SourceWindow, LearnsTheRateAndKeepsTheQueueTargetInFlight) {
  for (const std::uint64_t rate : {1 * kMiB, 12 * kMiB, 110 * kMiB}) {
    for (const Duration round_trip : {Duration(200us), Duration(5ms), Duration(80ms)}) {
      Loop loop{.bytes_per_second = rate, .round_trip = round_trip};
      loop.run(3s);
      const double learned = static_cast<double>(loop.window.bytes_per_second());
      EXPECT_NEAR(learned, static_cast<double>(rate), 0.1 * static_cast<double>(rate));
      EXPECT_GE(loop.window.window_bytes(),
                std::max(bytes_in(round_trip + kQueueTarget, rate) * 9 / 10, kWindowMinBytes));
      EXPECT_LE(loop.window.window_bytes(), bytes_in(round_trip + 2 * kQueueTarget, rate) + kWindowStartBytes);
    }
  }
}

TEST(SourceWindow, NeverExceedsTheBytesBound) {
  Loop loop{.bytes_per_second = 10 * kGiB, .round_trip = 50ms, .bytes = content::kChunkBytesMax};
  loop.run(2s);
  EXPECT_EQ(loop.window.window_bytes(), kBytesInFlightMax);
  EXPECT_LE(loop.most_requests, kBytesInFlightMax / content::kChunkBytesMax);
}

TEST(SourceWindow, PipelinesSmallFiles) {
  Loop loop{.bytes_per_second = 100 * kMiB, .round_trip = 10ms, .bytes = 1000};
  loop.run(1s);
  EXPECT_EQ(loop.most_requests, kRequestsInFlightMax);
}

TEST(SourceWindow, ShrinksWithinTwoEpochsWhenTheSourceSlows) {
  Loop loop{.bytes_per_second = 100 * kMiB, .round_trip = 1ms};
  loop.run(2s);
  const std::uint64_t before = loop.window.window_bytes();
  loop.bytes_per_second = 4 * kMiB;
  loop.run(7s);  // what was in flight takes four of them
  EXPECT_LT(loop.window.window_bytes(), before / 8);
}

TEST(SourceWindow, DoesNotTakeIdlenessForSlowness) {
  Loop loop{.bytes_per_second = 50 * kMiB, .round_trip = 1ms};
  loop.run(2s);
  while (!loop.asked.empty()) {
    loop.window.note_idle();
    loop.now = loop.asked.front().due;
    loop.window.on_delivered(kChunk, loop.asked.front().mark, loop.now);
    loop.asked.pop_front();
  }
  const std::uint64_t before = loop.window.bytes_per_second();
  for (int i = 0; i < 10; ++i) {  // one small request now and then
    const SourceWindow::Mark mark = loop.window.on_asked(100, loop.now);
    loop.window.note_idle();
    const SourceWindow::Mark second = loop.window.on_asked(100, loop.now);
    loop.now += 1s;
    loop.window.on_delivered(100, mark, loop.now);
    loop.window.on_delivered(100, second, loop.now);
    loop.window.note_idle();
  }
  EXPECT_GE(loop.window.bytes_per_second(), before / 2);
}

TEST(SourceWindow, AllowsTheFloorOnlyWhileItIsQuick) {
  const auto requests_at = [](std::uint64_t rate) {
    Loop loop{.bytes_per_second = rate, .round_trip = 1ms, .bytes = content::kChunkBytesMax};
    loop.run(200s);
    while (loop.window.has_room(loop.bytes)) (void)loop.window.on_asked(loop.bytes, loop.now);
    return loop.window.requests_in_flight();
  };
  EXPECT_EQ(requests_at(9 * kMiB), kRequestsFloor);
  EXPECT_EQ(requests_at(7 * kMiB), 1U);
  EXPECT_EQ(requests_at(100 * kKiB), 1U);
}

TEST(SourceWindow, TimesOutAfterTwiceTheExpectedWithinBounds) {
  SourceWindow fresh(kRequestsInFlightMax);
  EXPECT_EQ(fresh.timeout(kChunk), kRequestTimeoutMin);
  (void)fresh.on_asked(2 * kMiB, kStart);
  EXPECT_NEAR(static_cast<double>(fresh.timeout(2 * kMiB).count()), 8e6, 1e3) << "4 MiB at the assumed rate, twice";
  (void)fresh.on_asked(60 * kMiB, kStart);
  EXPECT_EQ(fresh.timeout(kChunk), kRequestTimeoutMax);

  Loop fast{.bytes_per_second = 100 * kMiB, .round_trip = 1ms};
  fast.run(1s);
  EXPECT_EQ(fast.window.timeout(kChunk), kRequestTimeoutMin);
}

}  // namespace
}  // namespace essaim::swarm
