// Files that are read while they come.
#include <future>
#include <utility>

#include <gtest/gtest.h>

#include "support/node_fixture.hpp"
#include "support/scripted_peer.hpp"

namespace essaim::node {
namespace {

using test::ServedContent;

constexpr std::uint64_t kSize = 4 * kMiB + 5;

class ReadingTest : public test::NodeTest {
 protected:
  using Stream = std::shared_ptr<ContentStream>;

  static ContentId id_of(const std::string& link) { return content::parse_link(link)->id; }
  static Outcome<TransferView> get_to_read(test::RunningNode& node, const std::string& target) {
    return node.ask([&](Facade& facade) { return facade.get({.target = target, .purpose = Purpose::kRead}); });
  }
  static Outcome<Stream> open(test::RunningNode& node, const ContentId& id) {
    return node.ask([&](Facade& facade) { return facade.read(id); });
  }
  // The bytes [offset, offset + count), in small pieces.
  static std::string read(test::RunningNode& node, const Stream& stream, std::uint64_t offset, std::uint64_t count) {
    return node.ask([&](Facade&) { return reading(stream, offset, count); });
  }
  // Lets go of it where it belongs, on the control thread.
  static void leave(test::RunningNode& node, Stream& stream) {
    node.look([&](Node&) { return static_cast<bool>(stream = nullptr); });
  }
  std::unique_ptr<test::RunningNode> start_slow(const std::string& name) const {
    Config slow = config(name);
    slow.down_bytes_per_second = 4 * kMiB;
    return std::make_unique<test::RunningNode>(slow);
  }

  const std::string content = test::noise(kSize);

 private:
  static boost::asio::awaitable<std::string> reading(Stream stream, std::uint64_t offset, std::uint64_t count) {
    constexpr std::uint64_t kPiece = 100'000;
    std::string bytes;
    Bytes piece(kPiece);
    while (bytes.size() < count) {
      const std::uint64_t at = offset + bytes.size();
      if (!co_await stream->wait_for(at)) break;
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, count - bytes.size()));
      const auto got = co_await stream->read(at, MutableByteView(piece).first(wanted));
      if (!got) break;
      bytes += as_text(ByteView(piece).first(*got));
    }
    co_return bytes;
  }
};

TEST_F(ReadingTest, WhatIsSharedHereIsReadWhereItIs) {
  test::write_file(dir / "film.mp4", content);
  const auto alice = start("alice");
  const auto id = id_of(*alice->share(dir / "film.mp4").link);
  auto stream = open(*alice, id);
  ASSERT_TRUE(stream);
  EXPECT_EQ((*stream)->size(), kSize);
  EXPECT_EQ((*stream)->name(), "film.mp4");
  EXPECT_EQ(read(*alice, *stream, 0, kSize), content);
  EXPECT_EQ(read(*alice, *stream, kSize - 1, 1), content.substr(kSize - 1));
  test::write_file(dir / "film.mp4", "cut short");
  EXPECT_EQ(read(*alice, *stream, 0, 10), "") << "it is something else now";
  leave(*alice, *stream);
  const auto nothing = open(*alice, ContentId{});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, FailureCode::kNotFound);
}

TEST_F(ReadingTest, AFileIsReadInOrderWhileItComesByAllWhoWantTo) {
  test::write_file(dir / "film.mp4", content);
  const auto alice = start("alice");
  const std::string link = *alice->share(dir / "film.mp4").link;
  for (const bool keep : {true, false}) {
    const auto bob = start_slow(keep ? "bob" : "ben");
    const auto begun = keep ? bob->get(link) : get_to_read(*bob, link);
    ASSERT_TRUE(begun) << begun.error().message;
    auto one = open(*bob, id_of(link));
    ASSERT_TRUE(one) << one.error().message;
    auto end = open(*bob, id_of(link));
    ASSERT_TRUE(end);
    EXPECT_EQ((*one)->name(), "film.mp4");
    EXPECT_EQ(read(*bob, *end, kSize - 10, 10), content.substr(kSize - 10)) << "from the end";
    EXPECT_LT(bob->transfer(begun->id).bytes_done, kSize) << "before the rest has come";
    EXPECT_EQ(read(*bob, *one, 0, kSize), content);
    EXPECT_EQ(read(*bob, *one, 3, 1000), content.substr(3, 1000)) << "once more, back from the end";
    EXPECT_EQ(bob->status().bytes_received, kSize) << "each byte was fetched once";
    leave(*bob, *one);
    leave(*bob, *end);
    if (keep) {
      EXPECT_EQ(bob->end_of(begun->id).state, TransferState::kDone);
    } else {
      EXPECT_TRUE(bob->until([&](Node& node) { return !node.transfer(begun->id); })) << "it is forgotten";
      EXPECT_TRUE(names_in(dir / "ben" / "reading").empty());
      EXPECT_TRUE(names_in(in("ben")).empty());
      EXPECT_FALSE(open(*bob, id_of(link)));
    }
  }
}

TEST_F(ReadingTest, NobodyReadsWhatEndsWhenTheLastReaderLeaves) {
  test::write_file(dir / "film.mp4", content);
  const auto alice = start("alice");
  const std::string link = *alice->share(dir / "film.mp4").link;
  Config slow = config("bob");
  slow.down_bytes_per_second = 64 * kKiB;
  test::RunningNode bob(slow);
  const auto begun = get_to_read(bob, link);
  ASSERT_TRUE(begun);
  const auto again = get_to_read(bob, link);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, begun->id) << "it comes already";
  auto stream = open(bob, id_of(link));
  ASSERT_TRUE(stream);
  EXPECT_EQ(read(bob, *stream, 0, 1), content.substr(0, 1));
  leave(bob, *stream);
  EXPECT_TRUE(bob.until([&](Node& node) { return !node.transfer(begun->id); }));
  EXPECT_LT(bob.status().bytes_received, kSize);
}

TEST_F(ReadingTest, AReaderHearsThatNoMoreComes) {
  test::write_file(dir / "film.mp4", content);
  const auto alice = start("alice");
  const std::string link = *alice->share(dir / "film.mp4").link;
  Config slow = config("bob");
  slow.down_bytes_per_second = 64 * kKiB;
  test::RunningNode bob(slow);
  const auto begun = get_to_read(bob, link);
  ASSERT_TRUE(begun);
  auto stream = open(bob, id_of(link));
  ASSERT_TRUE(stream);
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.cancel(begun->id); }));
  EXPECT_LT(read(bob, *stream, 0, kSize).size(), kSize);
  leave(bob, *stream);
}

TEST_F(ReadingTest, ANodeStopsWhileSomebodyReads) {
  test::write_file(dir / "film.mp4", content);
  const auto alice = start("alice");
  const std::string link = *alice->share(dir / "film.mp4").link;
  const auto bob = start("bob");
  ASSERT_TRUE(get_to_read(*bob, link));
  auto stream = open(*bob, id_of(link));
  ASSERT_TRUE(stream);
  EXPECT_EQ(read(*bob, *stream, 0, kSize), content);
  EXPECT_TRUE(bob->stop());
}

TEST_F(ReadingTest, OnlyAFileCanBeRead) {
  test::write_file(dir / "box/film.mp4", content);
  const auto alice = start("alice");
  const std::string link = *alice->share(dir / "box").link;
  const auto bob = start("bob");
  ASSERT_TRUE(bob->sees(1));
  for (const std::string& target : {link, std::string("alice/box")}) {
    const auto refused = get_to_read(*bob, target);
    ASSERT_FALSE(refused) << target;
    EXPECT_EQ(refused.error().code, FailureCode::kUsage);
  }
  EXPECT_TRUE(get_to_read(*bob, "alice/box/film.mp4")) << "a file in a folder is one";
}

TEST_F(ReadingTest, GoesOnInOrderWhenOneOfTwoSourcesStalls) {
  const ServedContent served(test::noise(40 * content::kChunkBytesMin));
  const auto bob = start("bob");
  const auto port = bob->status().port;
  const auto is_for_a_chunk = [](const wire::Envelope& asked) {
    return std::holds_alternative<wire::ChunkRequest>(asked.message);
  };
  // The good one gives nothing before the other has been asked for something that it will not give.
  std::promise<void> stalls;
  const std::shared_future<void> stalled(stalls.get_future());
  test::ScriptedPeer good(port, [&](const wire::Envelope& asked) {
    if (is_for_a_chunk(asked)) stalled.wait_for(test::kPatience);
    return served.answer(asked);
  });
  test::ScriptedPeer staller(port, [&, told = false](const wire::Envelope& asked) mutable -> std::vector<Bytes> {
    if (!is_for_a_chunk(asked)) return served.answer(asked);
    if (!std::exchange(told, true)) stalls.set_value();
    return {};
  });
  const auto are_two = [](const auto& metric) { return metric.first == "sessions" && metric.second == 2; };
  ASSERT_TRUE(bob->until([&](Node& node) { return std::ranges::any_of(node.metrics(), are_two); }));
  ASSERT_TRUE(get_to_read(*bob, served.link("film.mp4")));
  auto stream = open(*bob, served.id());
  ASSERT_TRUE(stream);
  EXPECT_EQ(read(*bob, *stream, 0, served.bytes.size()), served.bytes);
  EXPECT_EQ(stalled.wait_for(std::chrono::seconds(0)), std::future_status::ready) << "it did stall";
  leave(*bob, *stream);
}

}  // namespace
}  // namespace essaim::node
