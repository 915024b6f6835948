// Downloads that are served on: while they run, and when they are done.
#include <fstream>

#include <gtest/gtest.h>

#include "node/swarm_book.hpp"
#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

constexpr std::uint64_t kSize = 4 * kMiB + 5;
constexpr std::uint64_t kFiles = 16;

class SwarmTest : public test::NodeTest {
 protected:
  SwarmTest() {
    test::write_file(dir / "shared/film.bin", content);
    for (std::uint64_t i = 0; i < kFiles; ++i) {
      test::write_file(dir / "shared/box/part" / std::to_string(i), test::noise(kSize / kFiles, 100 + i));
    }
    test::write_file(dir / "shared/box/large.bin", test::noise(kSize, 7));
    film = *alice->share(dir / "shared/film.bin").link;
    box = *alice->share(dir / "shared/box").link;
  }

  // Takes so much a second that the others can look at it on its way.
  std::unique_ptr<test::RunningNode> start_slow(const std::string& name) {
    Config slow = config(name);
    slow.down_bytes_per_second = 2 * kMiB;
    return std::make_unique<test::RunningNode>(slow);
  }
  static std::string begin(test::RunningNode& node, const std::string& link) {
    const auto begun = node.get(link);
    EXPECT_TRUE(begun) << begun.error().message;
    return begun ? begun->id : "";
  }
  static bool reaches(test::RunningNode& node, const std::string& transfer, std::uint64_t bytes) {
    return node.until_transfer(transfer, [&](const TransferView& view) { return view.bytes_done >= bytes; });
  }
  static bool waits_for_somebody(test::RunningNode& node, const std::string& transfer) {
    return node.until_transfer(transfer, [](const TransferView& view) {
      return view.state == TransferState::kRunning && view.failure.has_value();
    });
  }
  void expect_box_in(const std::string& name) const {
    EXPECT_EQ(test::read_file(in(name) / "box/large.bin"), test::read_file(dir / "shared/box/large.bin"));
    for (std::uint64_t i = 0; i < kFiles; ++i) {
      const auto path = std::filesystem::path("box/part") / std::to_string(i);
      EXPECT_EQ(test::read_file(in(name) / path), test::read_file(dir / "shared" / path)) << path;
    }
  }

  const std::string content = test::noise(kSize);
  std::unique_ptr<test::RunningNode> alice = start("alice");
  std::string film;
  std::string box;
};

TEST_F(SwarmTest, WhatIsBeingFetchedIsServedFromItsFirstChunksOn) {
  for (const bool folder : {false, true}) {
    const std::string& link = folder ? box : film;
    const std::string end = folder ? "-box" : "-film";
    const auto bob = start_slow("bob" + end);
    const std::string bobs = begin(*bob, link);
    ASSERT_TRUE(reaches(*bob, bobs, kSize / 3));
    ASSERT_TRUE(alice->stop());
    alice.reset();
    ASSERT_TRUE(waits_for_somebody(*bob, bobs));
    const std::uint64_t part = bob->transfer(bobs).bytes_done;

    const auto carol = start("carol" + end);
    const std::string carols = begin(*carol, link);
    EXPECT_TRUE(reaches(*carol, carols, part)) << carol->transfer(carols).bytes_done << " of " << part;
    EXPECT_TRUE(waits_for_somebody(*carol, carols));
    EXPECT_EQ(carol->transfer(carols).bytes_done, part) << "nobody has more";

    alice = start("alice");
    EXPECT_EQ(bob->end_of(bobs).state, TransferState::kDone);
    EXPECT_EQ(carol->end_of(carols).state, TransferState::kDone);
    for (const std::string& name : {"bob" + end, "carol" + end}) {
      if (folder) {
        expect_box_in(name);
      } else {
        EXPECT_EQ(test::read_file(in(name) / "film.bin"), content);
      }
    }
  }
}

TEST_F(SwarmTest, WhatWasFetchedStaysAvailableByItsIdAlsoAfterARestart) {
  {
    const auto bob = start("bob");
    for (const std::string& link : {film, box}) ASSERT_EQ(bob->fetch(link).state, TransferState::kDone);
    EXPECT_TRUE(bob->look([](Node& node) { return node.shares(); }).empty()) << "it is no share of Bob's";
    ASSERT_TRUE(alice->stop());
    alice.reset();
    const auto carol = start("carol");
    EXPECT_EQ(carol->fetch(film).state, TransferState::kDone);
    ASSERT_TRUE(bob->stop());
    ASSERT_TRUE(carol->stop());
  }
  const auto bob = start("bob");
  const auto dave = start("dave");
  EXPECT_EQ(dave->fetch(film).state, TransferState::kDone);
  EXPECT_EQ(dave->fetch(box).state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("dave") / "film.bin"), content);
  expect_box_in("dave");
}

TEST_F(SwarmTest, WhatChangedSinceIsNotServed) {
  const auto bob = start("bob");
  ASSERT_EQ(bob->fetch(film).state, TransferState::kDone);
  ASSERT_TRUE(alice->stop());
  alice.reset();
  test::write_file(in("bob") / "film.bin", "cut short");
  const auto carol = start("carol");
  const std::string carols = begin(*carol, film);
  EXPECT_TRUE(waits_for_somebody(*carol, carols));
  EXPECT_EQ(carol->transfer(carols).bytes_done, 0U);
}

TEST_F(SwarmTest, NobodyServesOnWhatHeDoesNotWantTo) {
  Config keeps = config("bob");
  keeps.reshare = false;
  test::RunningNode bob(keeps);
  ASSERT_EQ(bob.fetch(film).state, TransferState::kDone);
  ASSERT_TRUE(alice->stop());
  alice.reset();
  const auto carol = start("carol");
  const std::string carols = begin(*carol, film);
  EXPECT_TRUE(waits_for_somebody(*carol, carols));
  EXPECT_EQ(carol->transfer(carols).bytes_done, 0U);
}

TEST_F(SwarmTest, SharingADownloadMakesItAShareWithoutHashingItAgain) {
  {
    const auto bob = start("bob");
    ASSERT_EQ(bob->fetch(film).state, TransferState::kDone);
    ASSERT_TRUE(bob->stop()) << "it is kept when all has ended";
  }
  const auto bob = start("bob");
  const ShareView share = bob->share(in("bob") / "film.bin");
  EXPECT_EQ(share.link, film);
  EXPECT_EQ(share.bytes_hashed, 0U);
  EXPECT_EQ(bob->look([](Node& node) { return node.shares(); }).size(), 1U);
}

TEST_F(SwarmTest, OnlyTheChunksThatChangedAreFetched) {
  const auto bob = start("bob");
  ASSERT_EQ(bob->fetch(film).state, TransferState::kDone);
  bob->share(in("bob") / "film.bin");
  // The next version: one byte in the middle is another.
  std::string next = test::read_file(dir / "shared/film.bin");
  next[next.size() / 2] = static_cast<char>(next[next.size() / 2] + 1);
  test::write_file(dir / "shared/next.bin", next);
  test::write_file(dir / "shared/folder/next.bin", next + "and a little more");
  alice->share(dir / "shared/next.bin");
  alice->share(dir / "shared/folder");
  for (const char* const target : {"alice/next.bin", "alice/folder"}) {
    const std::uint64_t before = bob->status().bytes_received;
    ASSERT_EQ(bob->fetch(target).state, TransferState::kDone) << target;
    EXPECT_LE(bob->status().bytes_received - before, 2 * content::kChunkBytesMin + 4 * kKiB) << target;
  }
  EXPECT_EQ(test::read_file(in("bob") / "next.bin"), next);
  EXPECT_EQ(test::read_file(in("bob") / "folder/next.bin"), next + "and a little more");
}

TEST_F(SwarmTest, WhatIsHereAlreadyIsNotFetchedAgain) {
  const auto bob = start("bob");
  test::write_file(dir / "mine/of-another-name", content);
  bob->share(dir / "mine");
  ASSERT_EQ(bob->fetch(film).state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content);
  EXPECT_EQ(bob->status().bytes_received, 0U);

  test::write_file(dir / "shared/mixed/a/film.bin", content);
  test::write_file(dir / "shared/mixed/new.bin", "something new");
  const std::string mixed = *alice->share(dir / "shared/mixed").link;
  ASSERT_EQ(bob->fetch(mixed).state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "mixed/a/film.bin"), content);
  EXPECT_EQ(test::read_file(in("bob") / "mixed/new.bin"), "something new");
  EXPECT_LE(bob->status().bytes_received, 4 * kKiB) << "the folder's list, and what is new";
}

TEST_F(SwarmTest, WhatSeemsToBeHereIsCheckedBeforeItCounts) {
  const auto bob = start("bob");
  const auto mine = dir / "mine.bin";
  test::write_file(mine, content);
  bob->share(mine);
  // Another content, though it looks as before.
  const auto times = std::filesystem::last_write_time(mine);
  {
    std::fstream file(mine, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(kMiB);
    file << "altered";
  }
  std::filesystem::last_write_time(mine, times);
  ASSERT_EQ(bob->fetch(film).state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content);
}

TEST(SwarmBook, TellsANewcomerOfThoseBefore) {
  SwarmBook book;
  const ContentId film{};
  EXPECT_TRUE(book.add(film, SessionId{1}).empty());
  EXPECT_EQ(book.add(film, SessionId{2}), std::vector{SessionId{1}});
  EXPECT_TRUE(book.add(film, SessionId{2}).empty()) << "known already";
  book.remove(SessionId{1});
  EXPECT_EQ(book.add(film, SessionId{3}), std::vector{SessionId{2}});
}

TEST(SwarmBook, RemembersNoMoreFetchersThanAMessageHolds) {
  SwarmBook book;
  for (std::uint64_t i = 0; i < wire::kSwarmPeersMax + 1; ++i) static_cast<void>(book.add({}, SessionId{i}));
  EXPECT_EQ(book.add({}, SessionId{5000}).size(), wire::kSwarmPeersMax);
}

}  // namespace
}  // namespace essaim::node
