#include "node/have_frames.hpp"

#include <numeric>

#include <gtest/gtest.h>

#include "wire/frame.hpp"
#include "wire/message.hpp"

namespace essaim::node {
namespace {

using swarm::HaveNews;
using swarm::ItemIndex;
using wire::HaveKind;

ContentId id(std::uint8_t number) {
  ContentId id;
  id.bytes.fill(number);
  return id;
}

ContentId id_of(ItemIndex item) { return id(static_cast<std::uint8_t>(100 + static_cast<std::uint32_t>(item))); }

struct Told {
  wire::Have have;
  Bytes payload;
};

std::vector<Told> told(const SwarmScope& scope, const HaveNews& news) {
  std::vector<Told> all;
  for (const Bytes& frame : have_frames(scope, news, id_of)) {
    const auto length = wire::parse_frame_length(ByteView(frame).first<4>(), frame.size());
    if (!length) continue;
    const std::string_view json(reinterpret_cast<const char*>(frame.data()) + 4, *length);
    const auto parsed = wire::parse_frame_object(json, wire::Level::kPeer);
    const auto envelope = parsed ? wire::parse_message(*parsed) : std::unexpected(wire::MessageError{});
    EXPECT_TRUE(envelope);
    if (!envelope) continue;
    const ByteView payload = ByteView(frame).subspan(4 + *length);
    EXPECT_EQ(envelope->payload_bytes, payload.size());
    all.push_back({std::get<wire::Have>(envelope->message), Bytes(payload.begin(), payload.end())});
  }
  return all;
}

std::vector<std::uint32_t> first_numbers(std::uint32_t count) {
  std::vector<std::uint32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0U);
  return numbers;
}

const SwarmScope kFile{.kind = SwarmScope::Kind::kContent, .root = id(1)};
const SwarmScope kPartOfFolder{
    .kind = SwarmScope::Kind::kFiles, .root = id(1), .numbers = {2, 5, 70}, .numbers_total = 80};
const SwarmScope kFolder{.kind = SwarmScope::Kind::kFiles, .root = id(1), .numbers = {0, 1, 2}, .numbers_total = 3};

TEST(HaveFrames, AFileThatIsWholeIsComplete) {
  for (const HaveNews::Kind kind : {HaveNews::Kind::kAll, HaveNews::Kind::kItems}) {
    const auto messages = told(kFile, {.kind = kind, .numbers = {0}});
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].have, (wire::Have{id(1), HaveKind::kComplete, {}}));
  }
}

TEST(HaveFrames, NewChunksAreAListUnderTheirItemsId) {
  const auto messages = told(kFolder, {.kind = HaveNews::Kind::kChunks, .item = ItemIndex{2}, .numbers = {3, 9}});
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].have, (wire::Have{id(102), HaveKind::kChunks, {3, 9}}));
}

TEST(HaveFrames, ALongListIsCutToWhatOneMessageMayHold) {
  const auto all = first_numbers(wire::kHaveNumbersMax + 1);
  const auto messages = told(kFile, {.kind = HaveNews::Kind::kChunks, .item = ItemIndex{0}, .numbers = all});
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].have.numbers.size(), wire::kHaveNumbersMax);
  EXPECT_EQ(messages[1].have.numbers, (std::vector{static_cast<std::uint32_t>(wire::kHaveNumbersMax)}));
}

TEST(HaveFrames, ManyChunksThatAreAllThereIsAreABitfield) {
  const auto all = first_numbers(1001);
  const auto messages =
      told(kFile, {.kind = HaveNews::Kind::kChunks, .exact = true, .item = ItemIndex{0}, .numbers = all});
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].have.kind, HaveKind::kBitfield);
  EXPECT_EQ(numbers_told(messages[0].have, messages[0].payload, 5000), all);
  EXPECT_EQ(numbers_told(messages[0].have, messages[0].payload, 1000), first_numbers(1000)) << "no more than there are";
}

TEST(HaveFrames, FilesAreToldByTheirNumbersInTheDocument) {
  const auto messages = told(kPartOfFolder, {.kind = HaveNews::Kind::kItems, .numbers = {0, 2}});
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].have, (wire::Have{id(1), HaveKind::kFiles, {2, 70}}));
  EXPECT_EQ(item_of_number(kPartOfFolder, 70), ItemIndex{2});
  EXPECT_EQ(item_of_number(kPartOfFolder, 3), std::nullopt);
}

TEST(HaveFrames, AllOfAPartIsNotAllOfTheFolder) {
  const auto part = told(kPartOfFolder, {.kind = HaveNews::Kind::kAll});
  ASSERT_EQ(part.size(), 1U);
  EXPECT_EQ(part[0].have, (wire::Have{id(1), HaveKind::kFiles, {2, 5, 70}}));
  const auto whole = told(kFolder, {.kind = HaveNews::Kind::kAll});
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].have, (wire::Have{id(1), HaveKind::kAllFiles, {}}));
}

TEST(HaveFrames, NumbersBeyondTheLastAreLeftOut) {
  EXPECT_EQ(numbers_told({id(1), HaveKind::kChunks, {1, 9, 10, 4}}, {}, 10), (std::vector<std::uint32_t>{1, 9, 4}));
}

}  // namespace
}  // namespace essaim::node
