// Downloads between whole nodes.
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "content/chunk_plan.hpp"
#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

namespace fs = std::filesystem;
using test::noise;
using test::read_file;
using test::write_file;

class TransferTest : public test::NodeTest {};

TEST_F(TransferTest, OfAFileOfAnySizeGivesTheSameBytesAndTheSameTime) {
  const std::unique_ptr<test::RunningNode> alice = start("alice");
  const std::unique_ptr<test::RunningNode> bob = start("bob");
  constexpr std::size_t chunk = content::kChunkBytesMin;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, chunk - 1, chunk, chunk + 1, std::size_t{5 * kMiB + 3}}) {
    const std::string name = "file-" + std::to_string(size);
    const fs::path path = dir / "shared" / name;
    write_file(path, noise(size, size));
    test::make_old(path);
    const ShareView share = alice->share(path);
    ASSERT_EQ(share.size, size);
    const TransferView view = bob->fetch("alice/" + name);
    ASSERT_EQ(view.state, TransferState::kDone) << size << (view.failure ? view.failure->message : "");
    EXPECT_EQ(read_file(in("bob") / name), noise(size, size)) << size;
    EXPECT_EQ(fs::last_write_time(in("bob") / name), fs::last_write_time(path)) << size;
    EXPECT_EQ(view.path, (in("bob") / name).string());
    EXPECT_EQ(view.bytes_done, size);
    EXPECT_EQ(view.content_id, share.id);
  }
  EXPECT_EQ(names_in(in("bob")).size(), 6U) << "no part file is left";
}

TEST_F(TransferTest, OfAFolderGivesAllThatIsInIt) {
  const fs::path source = dir / "shared" / "Álbum 照片";
  write_file(source / "top.txt", "top");
  write_file(source / "deep/er/naïve 🎈.bin", noise(700 * kKiB));
  write_file(source / "deep/twin.bin", noise(700 * kKiB));
  write_file(source / "empty.file", "");
  write_file(source / "run.sh", "#!/bin/sh\n");
  fs::permissions(source / "run.sh", fs::perms::owner_exec, fs::perm_options::add);
  fs::create_directories(source / "empty folder/inside");
  fs::create_symlink("../top.txt", source / "deep/link");
  test::make_old(source / "top.txt");
  test::make_old(source / "deep", std::chrono::hours(48));

  const auto alice = start("alice");
  const auto bob = start("bob");
  const ShareView share = alice->share(source);
  EXPECT_EQ(share.files, 5U);
  const TransferView view = bob->fetch("alice/Álbum 照片");
  ASSERT_EQ(view.state, TransferState::kDone) << (view.failure ? view.failure->message : "");

  const fs::path copy = in("bob") / "Álbum 照片";
  EXPECT_EQ(names_in(copy), names_in(source));
  for (const char* file : {"top.txt", "deep/er/naïve 🎈.bin", "deep/twin.bin", "empty.file", "run.sh"}) {
    EXPECT_EQ(read_file(copy / file), read_file(source / file)) << file;
    EXPECT_EQ(fs::last_write_time(copy / file), fs::last_write_time(source / file)) << file;
    EXPECT_EQ(fs::status(copy / file).permissions() & fs::perms::owner_exec,
              fs::status(source / file).permissions() & fs::perms::owner_exec)
        << file;
  }
  EXPECT_EQ(fs::read_symlink(copy / "deep/link"), "../top.txt");
  EXPECT_EQ(fs::last_write_time(copy / "deep"), fs::last_write_time(source / "deep"));
}

TEST_F(TransferTest, IsBegunByALinkAPlaceOrANameThatOnlyOneThingHas) {
  write_file(dir / "shared/one.bin", "one");
  const auto alice = start("alice");
  const auto bob = start("bob");
  const ShareView share = alice->share(dir / "shared/one.bin");
  ASSERT_TRUE(share.link);
  const std::string id = alice->status().peer_id.text;
  for (const std::string& target : {*share.link, std::string("alice/one.bin"), id + "/one.bin",
                                    id.substr(0, 10) + "/one.bin", std::string("one.bin")}) {
    const fs::path dest = dir / ("got-" + std::to_string(std::hash<std::string>{}(target)));
    EXPECT_EQ(bob->fetch(target, dest.string()).state, TransferState::kDone) << target;
    EXPECT_EQ(read_file(dest), "one") << target;
  }
}

TEST_F(TransferTest, FindsAFileInsideAShareByItsNameAlone) {
  write_file(dir / "shared/box/inner/needle.txt", "needle");
  const auto alice = start("alice");
  const auto bob = start("bob");
  alice->share(dir / "shared/box");
  EXPECT_EQ(bob->fetch("needle.txt").state, TransferState::kDone);
  EXPECT_EQ(read_file(in("bob") / "needle.txt"), "needle");
}

TEST_F(TransferTest, AsksWhichOneWhenAnAmbiguousNameIsGiven) {
  write_file(dir / "one/notes.txt", "mine");
  write_file(dir / "other/notes.txt", "yours");
  const auto alice = start("alice");
  const auto bob = start("bob");
  const auto carol = start("carol");
  alice->share(dir / "one/notes.txt");
  bob->share(dir / "other/notes.txt");
  ASSERT_TRUE(carol->sees(2));
  const auto got = carol->get("notes.txt");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, FailureCode::kAmbiguous);
  EXPECT_NE(got.error().message.find("alice/notes.txt"), std::string::npos) << got.error().message;
  EXPECT_NE(got.error().message.find("bob/notes.txt"), std::string::npos) << got.error().message;
  EXPECT_TRUE(names_in(in("carol")).empty());
}

TEST_F(TransferTest, TakesANameThatSeveralHaveForOneThingWhenItIsTheSameContent) {
  write_file(dir / "one/notes.txt", "ours");
  write_file(dir / "other/notes.txt", "ours");
  const auto alice = start("alice");
  const auto bob = start("bob");
  const auto carol = start("carol");
  alice->share(dir / "one/notes.txt");
  bob->share(dir / "other/notes.txt");
  ASSERT_TRUE(carol->sees(2));
  EXPECT_EQ(carol->fetch("notes.txt").state, TransferState::kDone);
}

TEST_F(TransferTest, SaysWhatIsNotThere) {
  const auto alice = start("alice");
  const auto bob = start("bob");
  ASSERT_TRUE(bob->sees(1));
  const auto failure = [&](const std::string& target) {
    const auto got = bob->ask([&](Facade& node) {
      return node.get({.target = target, .dest = std::nullopt, .wait = std::chrono::milliseconds(60)});
    });
    return got ? FailureCode::kFailed : got.error().code;
  };
  EXPECT_EQ(failure("alice/nothing"), FailureCode::kNotFound);
  EXPECT_EQ(failure("mallory/x"), FailureCode::kNotFound);
  EXPECT_EQ(failure("nothing"), FailureCode::kNotFound);
  EXPECT_EQ(failure("essaim:not-a-link"), FailureCode::kUsage);
}

TEST_F(TransferTest, OfAFolderInsideAShareGivesThatFolderOnly) {
  write_file(dir / "shared/box/in/a.txt", "a");
  write_file(dir / "shared/box/in/sub/b.txt", "b");
  write_file(dir / "shared/box/out.txt", "out");
  fs::create_symlink("../out.txt", dir / "shared/box/in/way out");
  fs::create_symlink("a.txt", dir / "shared/box/in/same");
  const auto alice = start("alice");
  const auto bob = start("bob");
  alice->share(dir / "shared/box");
  ASSERT_EQ(bob->fetch("alice/box/in").state, TransferState::kDone);
  EXPECT_EQ(names_in(in("bob")), (std::vector<std::string>{"in", "in/a.txt", "in/same", "in/sub", "in/sub/b.txt"}));
}

TEST_F(TransferTest, UsesAllWhoHaveTheContent) {
  const std::string content = noise(12 * kMiB);
  write_file(dir / "one/film.bin", content);
  write_file(dir / "other/film.bin", content);
  // Limited, so that neither can be done before the other is asked.
  Config slow_alice = config("alice");
  Config slow_bob = config("bob");
  slow_alice.up_bytes_per_second = slow_bob.up_bytes_per_second = 8 * kMiB;
  test::RunningNode alice(slow_alice);
  test::RunningNode bob(slow_bob);
  const auto carol = start("carol");
  const ShareView share = alice.share(dir / "one/film.bin");
  bob.share(dir / "other/film.bin");
  ASSERT_TRUE(carol->sees(2));
  const TransferView view = carol->fetch(*share.link);
  ASSERT_EQ(view.state, TransferState::kDone);
  EXPECT_EQ(read_file(in("carol") / "film.bin"), content);
  ASSERT_EQ(view.sources.size(), 2U);
  EXPECT_GT(view.sources[0].bytes, 0U);
  EXPECT_GT(view.sources[1].bytes, 0U);
  EXPECT_GT(alice.status().bytes_sent, 0U);
  EXPECT_GT(bob.status().bytes_sent, 0U);
}

TEST_F(TransferTest, IsNotNeededWhenTheRightContentIsThereAlready) {
  write_file(dir / "shared/file.bin", "file");
  write_file(dir / "shared/box/a.txt", "a");
  const auto alice = start("alice");
  const auto bob = start("bob");
  alice->share(dir / "shared/file.bin");
  alice->share(dir / "shared/box");
  for (const char* target : {"alice/file.bin", "alice/box"}) {
    EXPECT_FALSE(bob->fetch(target).already_there) << target;
    const std::uint64_t received = bob->status().bytes_received;
    const TransferView again = bob->fetch(target);
    EXPECT_EQ(again.state, TransferState::kDone) << target;
    EXPECT_TRUE(again.already_there) << target;
    if (std::string_view(target) == "alice/file.bin") EXPECT_EQ(bob->status().bytes_received, received);
  }
  EXPECT_EQ(names_in(in("bob")), (std::vector<std::string>{"box", "box/a.txt", "file.bin"}));
}

TEST_F(TransferTest, NeverReplacesWhatIsThere) {
  write_file(dir / "shared/file.bin", "new");
  write_file(dir / "shared/box/a.txt", "new");
  write_file(in("bob") / "file.bin", "old");
  write_file(in("bob") / "box/a.txt", "old");
  const auto alice = start("alice");
  const auto bob = start("bob");
  alice->share(dir / "shared/file.bin");
  alice->share(dir / "shared/box");
  EXPECT_EQ(bob->fetch("alice/file.bin").path, (in("bob") / "file (2).bin").string());
  EXPECT_EQ(bob->fetch("alice/box").path, (in("bob") / "box (2)").string());
  EXPECT_EQ(read_file(in("bob") / "file.bin"), "old");
  EXPECT_EQ(read_file(in("bob") / "box/a.txt"), "old");
  EXPECT_EQ(read_file(in("bob") / "file (2).bin"), "new");
  EXPECT_EQ(read_file(in("bob") / "box (2)/a.txt"), "new");
}

}  // namespace
}  // namespace essaim::node
