// Downloads that are paused, cancelled, stopped with their node, or cut off with it.
#include <gtest/gtest.h>

#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSize = 4 * kMiB + 5;

class ResumeTest : public test::NodeTest {
 protected:
  ResumeTest() {
    test::write_file(dir / "shared/film.bin", content);
    for (std::uint64_t i = 0; i < 16; ++i) {
      test::write_file(dir / ("shared/box/" + std::to_string(i)), test::noise(kSize / 16, 100 + i));
    }
    alice->share(dir / "shared/film.bin");
    alice->share(dir / "shared/box");
    test::write_file(dir / "shared/chest/inside/large.bin", content);
    test::write_file(dir / "shared/chest/small.bin", "small");
    alice->share(dir / "shared/chest");
  }
  // Bob, who takes no more than 3 MiB a second.
  std::unique_ptr<test::RunningNode> slow_bob() {
    Config slow = config("bob");
    slow.down_bytes_per_second = 3 * kMiB;
    return std::make_unique<test::RunningNode>(slow);
  }
  // Begins and answers as soon as a third of it is there.
  static std::string begin(test::RunningNode& bob, const std::string& target) {
    const auto begun = bob.get(target);
    EXPECT_TRUE(begun) << begun.error().message;
    EXPECT_TRUE(bob.until_transfer(begun->id, [](const TransferView& view) {
      return view.state == TransferState::kRunning && view.bytes_total >= kSize - 16 && view.bytes_done > kSize / 3;
    }));
    return begun->id;
  }
  static Outcome<TransferView> pause(test::RunningNode& bob, const std::string& id) {
    return bob.ask([&](Facade& node) { return node.pause(id); });
  }

  const std::string content = test::noise(kSize);
  std::unique_ptr<test::RunningNode> alice = start("alice");
};

TEST_F(ResumeTest, APausedOneKeepsWhatItHasAndGoesOnFromThere) {
  const auto bob = slow_bob();
  const std::string id = begin(*bob, "alice/film.bin");
  ASSERT_TRUE(pause(*bob, id));
  const TransferView paused = bob->end_of(id);
  EXPECT_EQ(paused.state, TransferState::kPaused);
  EXPECT_EQ(names_in(in("bob")).size(), 1U) << "the part file";
  const std::uint64_t received = bob->status().bytes_received;
  ASSERT_TRUE(bob->ask([&](Facade& node) { return node.resume(id); }));
  ASSERT_TRUE(bob->until_transfer(id, [](const TransferView& view) { return view.state == TransferState::kDone; }));
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content);
  EXPECT_LE(bob->status().bytes_received - received, kSize - paused.bytes_done);
}

TEST_F(ResumeTest, ACancelledOneLeavesNothing) {
  for (const char* target : {"alice/film.bin", "alice/box"}) {
    const auto bob = slow_bob();
    const std::string id = begin(*bob, target);
    ASSERT_TRUE(bob->ask([&](Facade& node) { return node.cancel(id); }));
    EXPECT_EQ(bob->end_of(id).state, TransferState::kCancelled) << target;
    EXPECT_EQ(names_in(in("bob")), std::vector<std::string>()) << target;
  }
}

TEST_F(ResumeTest, OneThatIsPausedAndThenCancelledLeavesNothing) {
  const auto bob = slow_bob();
  const std::string id = begin(*bob, "alice/film.bin");
  ASSERT_TRUE(pause(*bob, id));
  bob->end_of(id);
  ASSERT_TRUE(bob->ask([&](Facade& node) { return node.cancel(id); }));
  ASSERT_TRUE(
      bob->until_transfer(id, [](const TransferView& view) { return view.state == TransferState::kCancelled; }));
  EXPECT_EQ(names_in(in("bob")), std::vector<std::string>());
}

TEST_F(ResumeTest, OneThatIsCancelledWhileItIsPausedIsForgottenForGood) {
  {
    const auto bob = slow_bob();
    begin(*bob, "alice/box");
    EXPECT_TRUE(bob->stop());
  }
  {
    const auto bob = start("bob");
    const auto known = bob->look([](Node& node) { return node.transfers(); });
    ASSERT_EQ(known.size(), 1U);
    ASSERT_TRUE(bob->ask([&](Facade& node) { return node.cancel(known.front().id); }));
    EXPECT_EQ(names_in(in("bob")), std::vector<std::string>());
  }
  EXPECT_TRUE(start("bob")->look([](Node& node) { return node.transfers(); }).empty());
}

TEST_F(ResumeTest, OneThatIsDoneStaysDone) {
  const auto bob = start("bob");
  const TransferView done = bob->fetch("alice/film.bin");
  ASSERT_TRUE(pause(*bob, done.id));
  EXPECT_EQ(bob->transfer(done.id).state, TransferState::kDone);
  ASSERT_TRUE(bob->ask([&](Facade& node) { return node.cancel(done.id); }));
  EXPECT_EQ(bob->transfer(done.id).state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content);
}

TEST_F(ResumeTest, SaysThatThereIsNoSuchTransfer) {
  const auto paused = pause(*alice, "12345");
  ASSERT_FALSE(paused);
  EXPECT_EQ(paused.error().code, FailureCode::kNotFound);
}

enum class End { kClean, kCutOff };

class AfterTheNodeEnds : public ResumeTest, public ::testing::WithParamInterface<std::tuple<End, const char*>> {};

TEST_P(AfterTheNodeEnds, TheSameGetAsksForNoVerifiedByteAgain) {
  const auto [end, target] = GetParam();
  std::uint64_t had = 0;
  {
    const auto bob = slow_bob();
    const std::string id = begin(*bob, target);
    had = bob->transfer(id).bytes_done;
    if (end == End::kClean) EXPECT_TRUE(bob->stop());
  }
  EXPECT_EQ(fs::exists(in("bob") / "film.bin"), false) << "nothing half is published";
  const auto bob = start("bob");
  const TransferView view = bob->fetch(target);
  ASSERT_EQ(view.state, TransferState::kDone) << (view.failure ? view.failure->message : "");
  if (std::string_view(target) == "alice/film.bin") {
    EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content);
    EXPECT_EQ(names_in(in("bob")), std::vector<std::string>{"film.bin"});
  } else {
    for (int i = 0; i < 16; ++i) {
      const std::string name = std::to_string(i);
      EXPECT_EQ(test::read_file(in("bob") / "box" / name), test::read_file(dir / "shared/box" / name)) << name;
    }
    EXPECT_EQ(names_in(in("bob")).size(), 17U);
  }
  // A folder's list comes again.
  EXPECT_LE(bob->status().bytes_received, kSize - had + 4 * kKiB);
}

class AFolderAfterTheNodeEnds : public ResumeTest,
                                public ::testing::WithParamInterface<std::tuple<End, const char*>> {};

TEST_P(AFolderAfterTheNodeEnds, KeepsTheChunksOfItsLargeFiles) {
  const auto [end, target] = GetParam();
  std::uint64_t had = 0;
  {
    const auto bob = slow_bob();
    const std::string id = begin(*bob, target);
    had = bob->transfer(id).bytes_done;
    if (end == End::kClean) EXPECT_TRUE(bob->stop());
  }
  const auto bob = start("bob");
  // The whole folder is known by its link, also after the node has ended; so is the part of it.
  const auto known = bob->look([](Node& node) { return node.transfers(); });
  ASSERT_EQ(known.size(), 1U);
  ASSERT_TRUE(bob->ask([&](Facade& node) { return node.resume(known.front().id); }));
  ASSERT_TRUE(bob->until_transfer(known.front().id,
                                  [](const TransferView& view) { return view.state == TransferState::kDone; }));
  const bool part = std::string_view(target) == "alice/chest/inside";
  const auto folder = part ? in("bob") / "inside" : in("bob") / "chest/inside";
  EXPECT_EQ(test::read_file(folder / "large.bin"), content);
  EXPECT_EQ(names_in(in("bob")).size(), part ? 2U : 4U) << "nothing besides";
  EXPECT_LE(bob->status().bytes_received, kSize + 5 - had + 4 * kKiB);
}

INSTANTIATE_TEST_SUITE_P(Of, AFolderAfterTheNodeEnds,
                         ::testing::Combine(::testing::Values(End::kClean, End::kCutOff),
                                            ::testing::Values("alice/chest", "alice/chest/inside")));

INSTANTIATE_TEST_SUITE_P(Of, AfterTheNodeEnds,
                         ::testing::Combine(::testing::Values(End::kClean, End::kCutOff),
                                            ::testing::Values("alice/film.bin", "alice/box")));

TEST_F(ResumeTest, GoesOnByItselfInANodeThatIsToldTo) {
  {
    const auto bob = slow_bob();
    begin(*bob, "alice/film.bin");
    EXPECT_TRUE(bob->stop());
  }
  Config again = config("bob");
  again.finish_downloads = true;
  test::RunningNode bob(again);
  const auto known = bob.look([](Node& node) { return node.transfers(); });
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(bob.end_of(known.front().id).state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content);
}

TEST_F(ResumeTest, DoesNotTrustAPartFileThatSomebodyChanged) {
  {
    const auto bob = slow_bob();
    begin(*bob, "alice/film.bin");
  }
  const auto parts = names_in(in("bob"));
  ASSERT_EQ(parts.size(), 1U);
  const fs::path part = in("bob") / parts.front();
  test::write_file(part, std::string(fs::file_size(part), 'x'));
  const auto bob = start("bob");
  EXPECT_EQ(bob->fetch("alice/film.bin").state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content);
}

}  // namespace
}  // namespace essaim::node
