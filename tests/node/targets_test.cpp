#include "node/targets.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::node {
namespace {

constexpr swarm::ItemIndex kFirst{0};
constexpr std::size_t kLanes = 2;

SafePath safe(std::string_view text) { return SafePath::parse(text).value(); }

bool store(FetchTarget& target, const ChunkPlace& place, std::string_view bytes) {
  const auto sink = target.sink_of(place.item);
  return sink && (*sink)->store(place, as_bytes(bytes));
}

TEST(MemoryTarget, PutsChunksInOrderWhateverOrderTheyComeIn) {
  const auto target = std::make_shared<MemoryTarget>();
  EXPECT_TRUE(store(*target, {.lane = 1, .item = kFirst, .offset = 3}, "def"));
  EXPECT_TRUE(store(*target, {.lane = 0, .item = kFirst, .offset = 0}, "abc"));
  EXPECT_TRUE(store(*target, {.lane = 0, .item = kFirst, .offset = 0}, "abc")) << "raced for, it may come twice";
  EXPECT_EQ(as_text(target->document()), "abcdef");
}

class TreeFiles : public ::testing::Test {
 protected:
  using Place = TreeFilesTarget::Place;
  std::shared_ptr<TreeFilesTarget> make(std::vector<TreeFilesTarget::FileItem> items) {
    auto made = TreeFilesTarget::make(tree, kLanes, std::move(items));
    EXPECT_TRUE(made);
    return made ? *made : nullptr;
  }
  std::string published(std::string_view file) { return test::read_file(dir / "tree" / file); }

  test::TempDir dir;
  storage::TreeTarget tree =
      std::move(storage::TreeTarget::create(storage::Directory::open(dir.text()).value(), safe("tree")).value());
};

TEST_F(TreeFiles, WriteASmallFileWithItsTwinsInOneGo) {
  const UnixNanos when{1'700'000'000'123'456'789};
  const auto target = make({{.size = 5,
                             .places = {Place{safe("a"), {.mtime = when}},
                                        Place{safe("deep/down/b"), {.mtime = when, .executable = true}}}}});
  ASSERT_TRUE(store(*target, {.lane = 1, .item = kFirst, .offset = 0}, "hello"));
  ASSERT_TRUE(target->finish_item(kFirst));
  ASSERT_TRUE(tree.finish());
  EXPECT_EQ(published("a"), "hello");
  EXPECT_EQ(published("deep/down/b"), "hello");
  const auto owner_runs = std::filesystem::perms::owner_exec;
  EXPECT_EQ(std::filesystem::status(dir / "tree/a").permissions() & owner_runs, std::filesystem::perms::none);
  EXPECT_EQ(std::filesystem::status(dir / "tree/deep/down/b").permissions() & owner_runs, owner_runs);
}

TEST_F(TreeFiles, MakeNothingMoreOnceTheyAreClosed) {
  const auto target = make({{.size = 5, .places = {Place{safe("late/a"), {}}}}});
  target->close();
  EXPECT_FALSE(store(*target, {.lane = 0, .item = kFirst, .offset = 0}, "hello"));
  ASSERT_TRUE(tree.finish());
  EXPECT_TRUE(std::filesystem::is_empty(dir / "tree"));
}

TEST_F(TreeFiles, WriteALargeFileWithItsTwinsChunkByChunk) {
  const std::string content = test::noise(content::kChunkBytesMin + 7);
  const auto target = make({{.size = content.size(), .places = {Place{safe("a"), {}}, Place{safe("b"), {}}}}});
  const auto head = std::string_view(content).substr(0, content::kChunkBytesMin);
  const auto tail = std::string_view(content).substr(content::kChunkBytesMin);
  ASSERT_TRUE(store(*target, {.lane = 1, .item = kFirst, .offset = content::kChunkBytesMin}, tail));
  ASSERT_TRUE(store(*target, {.lane = 0, .item = kFirst, .offset = 0}, head));
  ASSERT_TRUE(target->finish_item(kFirst));
  ASSERT_TRUE(tree.finish());
  EXPECT_EQ(published("a"), content);
  EXPECT_EQ(published("b"), content);
}

TEST_F(TreeFiles, WriteEmptyFilesThoughNoChunkEverComes) {
  const auto target = make({{.size = 0, .places = {Place{safe("a"), {}}, Place{safe("b/c"), {}}}}});
  ASSERT_TRUE(target->finish_item(kFirst));
  ASSERT_TRUE(tree.finish());
  EXPECT_TRUE(std::filesystem::is_empty(dir / "tree/a"));
  EXPECT_TRUE(std::filesystem::is_empty(dir / "tree/b/c"));
}

}  // namespace
}  // namespace essaim::node
