#include "swarm/download_queue.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::swarm {
namespace {

constexpr QueuedDownload kA{1};
constexpr QueuedDownload kB{2};
constexpr QueuedDownload kC{3};
constexpr QueuedDownload kD{4};
using Running = std::set<QueuedDownload>;

TEST(DownloadQueue, RunsAsManyAsItMayAndTheNextWhenOneEnds) {
  DownloadQueue queue(2);
  for (const auto id : {kA, kB, kC, kD}) queue.put_last(id);
  EXPECT_EQ(queue.running(), (Running{kA, kB}));
  queue.remove(kA);
  EXPECT_EQ(queue.running(), (Running{kB, kC}));
  EXPECT_FALSE(queue.knows(kA));
  queue.remove(kD);
  queue.remove(kB);
  EXPECT_EQ(queue.running(), Running{kC});
}

TEST(DownloadQueue, WhoComesBackIsBehindThoseThatWait) {
  DownloadQueue queue(1);
  for (const auto id : {kA, kB, kC}) EXPECT_EQ(queue.put_last(id), 0);
  queue.remove(kA);
  EXPECT_EQ(queue.put_last(kA), 1);
  queue.remove(kB);
  EXPECT_EQ(queue.running(), Running{kC});
  EXPECT_EQ(queue.put_last(kA), 1);
}

TEST(DownloadQueue, KeepsTheTurnsOfAnEarlierRun) {
  DownloadQueue queue(1);
  queue.restore({{kA, 7}, {kB, 9}, {kC, -8}});
  EXPECT_EQ(queue.put_last(kD), 9) << "behind the second all the same, whose number is less";
  std::vector<Running> seen;
  for (const auto id : {kC, kA, kB}) {
    seen.push_back(queue.running());
    queue.remove(id);
  }
  EXPECT_EQ(seen, (std::vector<Running>{{kC}, {kA}, {kB}}));
  EXPECT_EQ(queue.running(), Running{kD});
}

TEST(DownloadQueue, PutFirstTakesThePlaceOfTheBusyOneThatCameLast) {
  DownloadQueue queue(2);
  for (const auto id : {kA, kB, kC}) queue.put_last(id);
  EXPECT_LT(queue.put_first(kD), 0);
  EXPECT_EQ(queue.running(), (Running{kA, kD}));
  queue.remove(kA);
  EXPECT_EQ(queue.running(), (Running{kB, kD})) << "its turn was before that of the third";
  queue.put_first(kC);
  EXPECT_EQ(queue.running(), (Running{kC, kD}));
  queue.put_first(kD);
  EXPECT_EQ(queue.running(), (Running{kC, kD})) << "it runs already";
  queue.put_first(kB);
  EXPECT_EQ(queue.running(), (Running{kB, kD}));
}

TEST(DownloadQueue, WhoHasNothingToDoTakesNoPlaceAndLosesNone) {
  DownloadQueue queue(1);
  for (const auto id : {kA, kB, kC}) queue.put_last(id);
  queue.set_busy(kA, false);
  EXPECT_EQ(queue.running(), (Running{kA, kB}));
  queue.set_busy(kA, true);
  EXPECT_EQ(queue.running(), (Running{kA, kB})) << "nothing is taken from who began meanwhile";
  queue.remove(kB);
  EXPECT_EQ(queue.running(), Running{kA});
  queue.set_busy(kD, false);
  EXPECT_FALSE(queue.knows(kD));
}

}  // namespace
}  // namespace essaim::swarm
