#include "node/drafts.hpp"

#include <cstring>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::node {
namespace {

using storage::FileRecord;
using storage::ShareId;

constexpr ShareId kShare{7};
constexpr std::uint32_t kChunk = 256 * kKiB;

class DraftsTest : public ::testing::Test {
 protected:
  static Leaf leaf(std::uint8_t number) {
    Leaf leaf;
    leaf.bytes.fill(number);
    return leaf;
  }
  static storage::ShareLeavesFound found(const FileRecord& file, std::uint32_t first, std::vector<Leaf> leaves) {
    return {.share = kShare,
            .found = {.path = file.path, .of = file.fingerprint(), .first = first, .leaves = std::move(leaves)}};
  }
  FileRecord hashed() const {
    FileRecord record = file;
    record.content_id.emplace().bytes.fill(0xcc);
    return record;
  }

  std::uint8_t ids_made = 0;
  Drafts drafts{[this] {
    ContentId id;
    id.bytes.fill(++ids_made);
    return id;
  }};
  FileRecord file{.path = "film", .size = 4 * std::uint64_t{kChunk}, .mtime = UnixNanos{5}, .inode = 3};
};

TEST_F(DraftsTest, OneFileHasOneDraftHoweverOftenItIsListed) {
  const ContentId id = drafts.tell(kShare, file);
  EXPECT_EQ(drafts.tell(kShare, file), id);
  FileRecord other = file;
  other.path = "other";
  EXPECT_NE(drafts.tell(kShare, other), id);
  EXPECT_NE(drafts.tell(ShareId{8}, file), id);
  ASSERT_NE(drafts.find(id), nullptr);
  EXPECT_EQ(drafts.find(id)->file.record.path, "film");
  EXPECT_EQ(drafts.find(ContentId{}), nullptr);
}

TEST_F(DraftsTest, LeavesCountFromTheFirstOnInWhateverOrderTheyCome) {
  drafts.on_leaves(found(file, 2, {leaf(2)}));
  const ContentId id = drafts.tell(kShare, file);
  EXPECT_EQ(drafts.find(id)->known, 0U);
  EXPECT_EQ(drafts.bytes_hashed(kShare, "film"), 0U);
  drafts.on_leaves(found(file, 0, {leaf(0), leaf(1)}));
  EXPECT_EQ(drafts.find(id)->known, 3U);
  EXPECT_EQ(drafts.find(id)->leaves[1], leaf(1));
  EXPECT_EQ(drafts.bytes_hashed(kShare, "film"), 3U * kChunk);
  drafts.on_leaves(found(file, 4, {leaf(9)}));
  EXPECT_EQ(drafts.find(id)->known, 3U) << "the file has no such chunk";
}

TEST_F(DraftsTest, SaysWhatTheFileTurnedOutToBe) {
  const ContentId id = drafts.tell(kShare, file);
  drafts.on_record(kShare, file);
  EXPECT_EQ(drafts.find(id)->state, Draft::State::kBeingRead) << "it is shown before it is hashed";
  drafts.on_record(kShare, hashed());
  ASSERT_NE(drafts.find(id), nullptr);
  EXPECT_EQ(drafts.find(id)->state, Draft::State::kHashed);
  EXPECT_EQ(drafts.find(id)->content_id, hashed().content_id);
  drafts.on_job_ended(kShare);
  EXPECT_EQ(drafts.find(id)->state, Draft::State::kHashed);
  drafts.on_changed(id);
  EXPECT_EQ(drafts.find(id)->state, Draft::State::kChanged);
}

TEST_F(DraftsTest, OfAFileThatIsNoLongerTheSameHaveChanged) {
  FileRecord longer = file;
  longer.size += 1;
  const std::vector<std::function<void(const ContentId&)>> ways = {
      [&](const ContentId& id) { drafts.on_changed(id); },
      [&](const ContentId&) { drafts.on_removed(kShare, "film"); },
      [&](const ContentId&) { drafts.on_record(kShare, longer); },
      [&](const ContentId&) { static_cast<void>(drafts.tell(kShare, longer)); },
      [&](const ContentId&) { drafts.on_leaves(found(longer, 0, {leaf(0)})); },
      [&](const ContentId&) { drafts.on_job_ended(kShare); },
  };
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const ContentId id = drafts.tell(kShare, file);
    ways[i](id);
    EXPECT_EQ(drafts.find(id)->state, Draft::State::kChanged) << i;
    EXPECT_NE(drafts.tell(kShare, file), id) << i;
    drafts.on_job_ended(kShare);
  }
}

TEST_F(DraftsTest, ThatNobodyWasToldOfAreForgotten) {
  drafts.on_leaves(found(file, 0, {leaf(0)}));
  ContentId first;
  first.bytes.fill(1);
  EXPECT_EQ(drafts.find(first), nullptr) << "nobody can know it";
  drafts.on_record(kShare, hashed());
  EXPECT_EQ(drafts.bytes_hashed(kShare, "film"), 0U);
}

TEST_F(DraftsTest, ThatHaveEndedAreKeptUpToALimit) {
  std::vector<ContentId> ids;
  std::uint64_t made = 0;
  Drafts many([&made] {
    ContentId id;
    std::memcpy(id.bytes.data(), &++made, sizeof made);
    return id;
  });
  for (std::size_t i = 0; i <= kEndedDraftsKeptMax; ++i) {
    ids.push_back(many.tell(kShare, file));
    many.on_record(kShare, hashed());
    if (i + 1 == kEndedDraftsKeptMax) EXPECT_NE(many.find(ids.front()), nullptr);
  }
  EXPECT_EQ(many.find(ids.front()), nullptr);
  EXPECT_NE(many.find(ids[1]), nullptr);
  EXPECT_NE(many.find(ids.back()), nullptr);
}

}  // namespace
}  // namespace essaim::node
