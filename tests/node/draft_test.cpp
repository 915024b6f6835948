// Downloads of files that their owner still hashes.
#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "storage/hash_task.hpp"
#include "support/node_fixture.hpp"
#include "support/scripted_peer.hpp"

namespace essaim::node {
namespace {

namespace fs = std::filesystem;
using test::noise;
using test::read_file;
using test::write_file;

// Lets a node hash so many runs of storage::kIndexRunBytes, and no more.
class Gate {
 public:
  void let(std::size_t runs) {
    const std::lock_guard lock(mutex_);
    runs_ += runs;
    changed_.notify_all();
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  [[nodiscard]] storage::IndexPoolOptions hashing() {
    return {.threads = 2, .before_run = [this] {
              std::unique_lock lock(mutex_);
              changed_.wait(lock, [this] { return open_ || runs_ > 0; });
              if (!open_) --runs_;
            }};
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t runs_ = 0;
  bool open_ = false;
};

// A node whose hashing a test holds back.
class HeldNode {
 public:
  explicit HeldNode(Config config) : node_(std::move(config), gate_.hashing()) {}
  ~HeldNode() { gate_.open(); }
  HeldNode(const HeldNode&) = delete;
  HeldNode& operator=(const HeldNode&) = delete;
  test::RunningNode& operator*() { return node_; }
  test::RunningNode* operator->() { return &node_; }
  Gate& gate() { return gate_; }

 private:
  Gate gate_;
  test::RunningNode node_;
};

class DraftTest : public test::NodeTest {
 protected:
  static constexpr std::uint64_t kRun = storage::kIndexRunBytes;

  // Does not wait until it is hashed.
  static void share(test::RunningNode& node, const fs::path& path) {
    const auto view = node.ask([&](Facade& facade) { return facade.share({.path = path.string()}); });
    ASSERT_TRUE(view) << view.error().message;
  }
  static std::string message_of(const TransferView& view) { return view.failure ? view.failure->message : ""; }
  // As soon as it is listed.
  static Outcome<TransferView> get(test::RunningNode& node, const std::string& target) {
    const auto give_up = std::chrono::steady_clock::now() + test::kPatience;
    auto begun = node.get(target);
    while (!begun && std::chrono::steady_clock::now() < give_up) begun = node.get(target);
    return begun;
  }
  // Begins the download, and waits until all is there that the gate has let through.
  std::string begin(test::RunningNode& node, const std::string& target, std::uint64_t bytes) {
    const auto begun = get(node, target);
    EXPECT_TRUE(begun) << begun.error().message;
    if (!begun) return {};
    EXPECT_TRUE(node.until_transfer(begun->id, [&](const TransferView& view) { return view.bytes_done >= bytes; }))
        << node.transfer(begun->id).bytes_done << " " << message_of(node.transfer(begun->id));
    return begun->id;
  }
};

TEST_F(DraftTest, ComesAsFarAsItIsHashedAndBecomesTheFile) {
  const fs::path film = dir / "shared/film.bin";
  write_file(film, noise(10 * kRun + 11));
  test::make_old(film);
  HeldNode alice(config("alice"));
  const auto bob = start("bob");
  share(*alice, film);
  alice.gate().let(2);
  const std::string id = begin(*bob, "alice/film.bin", 2 * kRun);
  const TransferView midway = bob->transfer(id);
  EXPECT_EQ(midway.bytes_done, 2 * kRun);
  EXPECT_EQ(midway.bytes_total, 10 * kRun + 11);
  EXPECT_FALSE(midway.content_id);
  EXPECT_FALSE(fs::exists(in("bob") / "film.bin"));
  alice.gate().open();
  const TransferView end = bob->end_of(id);
  ASSERT_EQ(end.state, TransferState::kDone) << message_of(end);
  EXPECT_EQ(read_file(in("bob") / "film.bin"), noise(10 * kRun + 11));
  EXPECT_EQ(fs::last_write_time(in("bob") / "film.bin"), fs::last_write_time(film));
  EXPECT_EQ(names_in(in("bob")).size(), 1U) << "no part file is left";
  EXPECT_EQ(end.content_id, alice->share(film).id);
  ASSERT_EQ(end.sources.size(), 1U);
  EXPECT_EQ(end.sources[0].bytes, 10 * kRun + 11) << "nothing came twice";
}

TEST_F(DraftTest, OfAFileInAFolderIsHashedBeforeTheOthers) {
  write_file(dir / "shared/box/a-large.bin", noise(16 * kRun));
  write_file(dir / "shared/box/inner/wanted.bin", noise(2 * kRun, 3));
  HeldNode alice(config("alice"));
  const auto bob = start("bob");
  share(*alice, dir / "shared/box");
  // Two runs of the large file are under way when the other is asked for.
  const auto begun = get(*bob, "alice/box/inner/wanted.bin");
  ASSERT_TRUE(begun) << begun.error().message;
  ASSERT_TRUE(bob->until_transfer(begun->id, [](const TransferView& view) {
    return view.state == TransferState::kRunning && message_of(view) == "It comes as fast as its owner reads it.";
  })) << message_of(bob->transfer(begun->id));
  // What is answered on the same session afterwards was asked for after the leaves.
  ASSERT_TRUE(bob->ask([](Facade& node) { return node.list({.peer = "alice", .path = "", .cursor = {}}); }));
  alice.gate().let(12);
  const TransferView end = bob->end_of(begun->id);
  ASSERT_EQ(end.state, TransferState::kDone) << message_of(end);
  EXPECT_EQ(read_file(in("bob") / "wanted.bin"), noise(2 * kRun, 3));
}

TEST_F(DraftTest, OfAFolderIsWaitedForAndSaysHowFarItIs) {
  write_file(dir / "shared/box/one.bin", noise(4 * kRun));
  HeldNode alice(config("alice"));
  const auto bob = start("bob");
  share(*alice, dir / "shared/box");
  const auto begun = get(*bob, "alice/box");
  ASSERT_TRUE(begun) << begun.error().message;
  const auto says = [&](const std::string& sentence) {
    return bob->until_transfer(begun->id, [&](const TransferView& view) { return message_of(view) == sentence; });
  };
  EXPECT_TRUE(says("hashing at alice")) << message_of(bob->transfer(begun->id));
  alice.gate().open();
  const TransferView end = bob->end_of(begun->id);
  ASSERT_EQ(end.state, TransferState::kDone) << message_of(end);
  EXPECT_EQ(read_file(in("bob") / "box/one.bin"), noise(4 * kRun));
}

TEST_F(DraftTest, OfAFileThatChangesIsNotKept) {
  const fs::path film = dir / "shared/film.bin";
  write_file(film, noise(6 * kRun));
  test::make_old(film);
  HeldNode alice(config("alice"));
  const auto bob = start("bob");
  share(*alice, film);
  alice.gate().let(2);
  const std::string id = begin(*bob, "alice/film.bin", 2 * kRun);
  write_file(film, noise(6 * kRun, 2));
  alice.gate().open();
  const TransferView end = bob->end_of(id);
  EXPECT_EQ(end.state, TransferState::kFailed);
  EXPECT_NE(message_of(end).find("changed at alice"), std::string::npos) << message_of(end);
  EXPECT_TRUE(names_in(in("bob")).empty()) << names_in(in("bob")).front();
  // What it has become can be had.
  alice->share(film);
  ASSERT_TRUE(alice->until([&](Node& node) { return node.shares().front().state == ShareState::kReady; }));
  const TransferView again = bob->fetch("alice/film.bin");
  EXPECT_EQ(again.state, TransferState::kDone) << message_of(again);
  EXPECT_EQ(read_file(in("bob") / "film.bin"), noise(6 * kRun, 2));
}

TEST_F(DraftTest, GoesOnWhenItsOwnerIsStartedAgain) {
  const fs::path film = dir / "shared/film.bin";
  write_file(film, noise(6 * kRun));
  test::make_old(film);
  const Config alices = config("alice");
  const auto bob = start("bob");
  std::string id;
  {
    HeldNode alice(alices);
    share(*alice, film);
    alice.gate().let(2);
    id = begin(*bob, "alice/film.bin", 2 * kRun);
    alice.gate().open();
  }
  test::RunningNode alice(alices);
  const TransferView end = bob->end_of(id);
  ASSERT_EQ(end.state, TransferState::kDone) << message_of(end);
  EXPECT_EQ(read_file(in("bob") / "film.bin"), noise(6 * kRun));
  EXPECT_EQ(names_in(in("bob")).size(), 1U);
}

TEST_F(DraftTest, CanBePausedAndGoesOnFromThere) {
  const fs::path film = dir / "shared/film.bin";
  write_file(film, noise(6 * kRun));
  HeldNode alice(config("alice"));
  const auto bob = start("bob");
  share(*alice, film);
  alice.gate().let(2);
  const std::string id = begin(*bob, "alice/film.bin", 2 * kRun);
  ASSERT_TRUE(bob->ask([&](Facade& node) { return node.pause(id); }));
  EXPECT_EQ(bob->end_of(id).state, TransferState::kPaused);
  alice.gate().open();
  ASSERT_TRUE(bob->ask([&](Facade& node) { return node.resume(id); }));
  const TransferView end = bob->end_of(id);
  ASSERT_EQ(end.state, TransferState::kDone) << message_of(end);
  EXPECT_EQ(read_file(in("bob") / "film.bin"), noise(6 * kRun));
  EXPECT_EQ(end.sources.at(0).bytes, 6 * kRun) << "nothing came twice";
}

TEST_F(DraftTest, ThatIsCancelledLeavesNothing) {
  const fs::path film = dir / "shared/film.bin";
  write_file(film, noise(6 * kRun));
  HeldNode alice(config("alice"));
  const auto bob = start("bob");
  share(*alice, film);
  alice.gate().let(2);
  for (const bool paused_before : {false, true}) {
    const std::string id = begin(*bob, "alice/film.bin", 2 * kRun);
    if (paused_before) {
      ASSERT_TRUE(bob->ask([&](Facade& node) { return node.pause(id); }));
      EXPECT_EQ(bob->end_of(id).state, TransferState::kPaused);
    }
    ASSERT_TRUE(bob->ask([&](Facade& node) { return node.cancel(id); }));
    EXPECT_EQ(bob->end_of(id).state, TransferState::kCancelled);
    EXPECT_TRUE(names_in(in("bob")).empty());
  }
}

TEST_F(DraftTest, LeavesNothingWhenTheReceiverIsStartedAgainBeforeTheContentIdIsKnown) {
  const fs::path film = dir / "shared/film.bin";
  write_file(film, noise(6 * kRun));
  HeldNode alice(config("alice"));
  const Config bobs = config("bob");
  share(*alice, film);
  alice.gate().let(2);
  {
    test::RunningNode bob(bobs);
    begin(bob, "alice/film.bin", 2 * kRun);
    ASSERT_TRUE(bob.stop());
  }
  EXPECT_EQ(names_in(in("bob")).size(), 1U);
  test::RunningNode bob(bobs);
  EXPECT_TRUE(names_in(in("bob")).empty());
}

TEST_F(DraftTest, IsHadByManyAtOnceWhoHelpEachOther) {
  const fs::path film = dir / "shared/film.bin";
  write_file(film, noise(8 * kRun));
  HeldNode alice(config("alice"));
  const auto bob = start("bob");
  const auto carol = start("carol");
  share(*alice, film);
  alice.gate().let(4);
  const std::string bobs = begin(*bob, "alice/film.bin", 4 * kRun);
  const std::string carols = begin(*carol, "alice/film.bin", 4 * kRun);
  alice.gate().open();
  for (const auto& [node, id] : {std::pair(bob.get(), bobs), std::pair(carol.get(), carols)}) {
    const TransferView end = node->end_of(id);
    EXPECT_EQ(end.state, TransferState::kDone) << message_of(end);
  }
  EXPECT_EQ(read_file(in("bob") / "film.bin"), noise(8 * kRun));
  EXPECT_EQ(read_file(in("carol") / "film.bin"), noise(8 * kRun));
}

// --- Owners that lie ---

struct DraftLie {
  const char* name;
  // What MANIFEST_DATA says in the end, of all leaves of `content`.
  std::function<std::vector<Bytes>(const test::ServedContent& content, const wire::Envelope& asked, ContentId draft)>
      tell;
};

std::vector<Bytes> all_leaves(const test::ServedContent& content, const wire::Envelope& asked, ContentId draft,
                              std::optional<ContentId> named) {
  const auto leaves = *content::leaf_range(content.manifest, content::ChunkIndex{0}, content.plan.chunks);
  return {test::frame_of({.id = asked.id,
                          .payload_bytes = leaves.size(),
                          .message = wire::ManifestData{draft, 0, content.plan.chunks, content.manifest.size, named}},
                         leaves)};
}

const std::vector<DraftLie> kDraftLies = {
    {"the content id of other bytes",
     [](const auto& content, const auto& asked, ContentId draft) { return all_leaves(content, asked, draft, draft); }},
    {"all leaves and no content id", [](const auto& content, const auto& asked,
                                        ContentId draft) { return all_leaves(content, asked, draft, std::nullopt); }},
};

class DraftOfALiar : public DraftTest, public ::testing::WithParamInterface<DraftLie> {};

TEST_P(DraftOfALiar, IsNotKept) {
  const test::ServedContent content{noise(3 * kMiB)};
  ContentId draft;
  draft.bytes.fill(0x5a);
  const Config bobs = config("bob");
  test::RunningNode bob(bobs);
  const auto script = [&](const wire::Envelope& asked) -> std::vector<Bytes> {
    if (std::holds_alternative<wire::FileListRequest>(asked.message)) {
      wire::FileListResponse list;
      list.entries.push_back({.path = *SafePath::parse("film.bin"), .size = content.manifest.size, .draft = draft});
      return {test::frame_of({.id = asked.id, .message = std::move(list)})};
    }
    if (std::holds_alternative<wire::Find>(asked.message)) {
      wire::Found found;
      found.entries.push_back({draft, wire::Holding::kComplete, content.plan.chunks});
      return {test::frame_of({.id = asked.id, .message = std::move(found)})};
    }
    if (std::holds_alternative<wire::ManifestRequest>(asked.message)) return GetParam().tell(content, asked, draft);
    return content.answer(asked);
  };
  const test::ScriptedPeer liar(*bobs.port, script);
  ASSERT_TRUE(bob.sees(1));
  const TransferView end = bob.fetch(liar.id().text + "/film.bin");
  EXPECT_EQ(end.state, TransferState::kFailed);
  EXPECT_NE(message_of(end).find("did not give what it says it shares"), std::string::npos) << message_of(end);
  EXPECT_TRUE(names_in(in("bob")).empty());
}

INSTANTIATE_TEST_SUITE_P(Owners, DraftOfALiar, ::testing::ValuesIn(kDraftLies),
                         [](const auto& each) { return "Number" + std::to_string(each.index); });

}  // namespace
}  // namespace essaim::node
