// Peers that lie, stall, or send what nobody asked for.
#include <functional>

#include <gtest/gtest.h>

#include "support/node_fixture.hpp"
#include "support/scripted_peer.hpp"

namespace essaim::node {
namespace {

using test::ServedContent;
using Frames = std::vector<Bytes>;

struct Lie {
  const char* name;
  // What the liar answers; nothing: what an honest peer would.
  std::function<std::optional<Frames>(const ServedContent&, const wire::Envelope&)> tell;
};

Bytes flipped(ByteView bytes) {
  Bytes copy(bytes.begin(), bytes.end());
  copy.at(copy.size() / 2) ^= 1U;
  return copy;
}

std::optional<Frames> answer_chunk(const ServedContent& content, const wire::Envelope& asked,
                                   const std::function<Bytes(std::uint32_t index)>& data) {
  const auto* wanted = std::get_if<wire::ChunkRequest>(&asked.message);
  if (wanted == nullptr) return std::nullopt;
  return Frames{content.chunk_frame(*asked.id, wanted->chunk_index, data(wanted->chunk_index))};
}

std::optional<Frames> answer_leaves(const ServedContent& content, const wire::Envelope& asked, const Bytes& leaves,
                                    std::uint64_t size) {
  const auto* wanted = std::get_if<wire::ManifestRequest>(&asked.message);
  if (wanted == nullptr) return std::nullopt;
  const auto count = static_cast<std::uint32_t>(leaves.size() / kDigestBytes);
  return Frames{test::frame_of({.id = asked.id,
                                .payload_bytes = leaves.size(),
                                .message = wire::ManifestData{content.id(), wanted->first, count, size}},
                               leaves)};
}

Bytes all_leaves(const ServedContent& content) {
  const ByteView view = *content::leaf_range(content.manifest, content::ChunkIndex{0}, content.plan.chunks);
  return {view.begin(), view.end()};
}

const std::vector<Lie> kLies = {
    {"chunks of other bytes",
     [](const ServedContent& content, const wire::Envelope& asked) {
       return answer_chunk(content, asked, [&](std::uint32_t index) { return flipped(content.chunk(index)); });
     }},
    {"chunks that are too short",
     [](const ServedContent& content, const wire::Envelope& asked) {
       return answer_chunk(content, asked, [&](std::uint32_t index) {
         const ByteView chunk = content.chunk(index);
         return Bytes(chunk.begin(), chunk.end() - 1);
       });
     }},
    {"chunks that are too long",
     [](const ServedContent& content, const wire::Envelope& asked) {
       return answer_chunk(content, asked, [&](std::uint32_t index) {
         const ByteView chunk = content.chunk(index);
         Bytes longer(chunk.begin(), chunk.end());
         longer.push_back(0);
         return longer;
       });
     }},
    {"the chunk next to the one asked for",
     [](const ServedContent& content, const wire::Envelope& asked) {
       return answer_chunk(content, asked, [&](std::uint32_t index) {
         const ByteView chunk = content.chunk(index == 0 ? 1 : index - 1);
         return Bytes(chunk.begin(), chunk.end());
       });
     }},
    {"leaves of other content",
     [](const ServedContent& content, const wire::Envelope& asked) {
       return answer_leaves(content, asked, flipped(all_leaves(content)), content.manifest.size);
     }},
    {"fewer leaves than asked for",
     [](const ServedContent& content, const wire::Envelope& asked) {
       Bytes leaves = all_leaves(content);
       leaves.resize(leaves.size() - kDigestBytes);
       return answer_leaves(content, asked, leaves, content.manifest.size);
     }},
    {"another size",
     [](const ServedContent& content, const wire::Envelope& asked) {
       return answer_leaves(content, asked, all_leaves(content), content.manifest.size - 1);
     }},
    {"that it has it, and then that it does not",
     [](const ServedContent& /*content*/, const wire::Envelope& asked) -> std::optional<Frames> {
       if (!std::holds_alternative<wire::ChunkRequest>(asked.message)) return std::nullopt;
       return Frames{test::frame_of({.id = asked.id, .message = wire::Error{wire::ErrorCode::kNotFound, "no"}})};
     }},
    {"nothing when it is asked for chunks",
     [](const ServedContent& /*content*/, const wire::Envelope& asked) -> std::optional<Frames> {
       if (!std::holds_alternative<wire::ChunkRequest>(asked.message)) return std::nullopt;
       return Frames{};
     }},
};

class HostilePeer : public test::NodeTest, public ::testing::WithParamInterface<Lie> {
 protected:
  test::ScriptedPeer::Script script() const {
    return [this, lie = GetParam().tell](const wire::Envelope& asked) {
      return lie(content, asked).value_or(content.answer(asked));
    };
  }
  ServedContent content{test::noise(3 * kMiB + 11)};
};

TEST_P(HostilePeer, CostsNothingButTimeWhenAnHonestOneIsThere) {
  test::write_file(dir / "shared/film.bin", content.bytes);
  const auto alice = start("alice");
  const Config bobs = config("bob");
  test::RunningNode bob(bobs);
  alice->share(dir / "shared/film.bin");
  ASSERT_TRUE(bob.sees(1));
  const test::ScriptedPeer liar(*bobs.port, script());
  ASSERT_TRUE(bob.sees(2));
  const TransferView view = bob.fetch(content.link("film.bin"));
  EXPECT_EQ(view.state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content.bytes);
}

TEST_P(HostilePeer, AloneGetsNothingPublishedAndThePersonIsTold) {
  const Config bobs = config("bob");
  test::RunningNode bob(bobs);
  const test::ScriptedPeer liar(*bobs.port, script());
  ASSERT_TRUE(bob.sees(1));
  const auto begun = bob.get(content.link("film.bin"));
  ASSERT_TRUE(begun);
  ASSERT_TRUE(bob.until_transfer(begun->id, [&](const TransferView& view) {
    const bool asked = liar.messages_of("CHUNK_REQUEST") + liar.messages_of("MANIFEST_REQUEST") > 0;
    return asked && view.failure.has_value();
  }));
  const TransferView view = bob.transfer(begun->id);
  EXPECT_EQ(view.state, TransferState::kRunning) << view.failure->message;
  EXPECT_FALSE(view.failure->message.empty());
  EXPECT_FALSE(std::filesystem::exists(in("bob") / "film.bin"));
  EXPECT_EQ(view.bytes_done, 0U);
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.cancel(begun->id); }));
  EXPECT_EQ(bob.end_of(begun->id).state, TransferState::kCancelled);
  EXPECT_TRUE(names_in(in("bob")).empty());
}

INSTANTIATE_TEST_SUITE_P(Telling, HostilePeer, ::testing::ValuesIn(kLies), [](const auto& tested) {
  std::string name = tested.param.name;
  std::ranges::replace_if(name, [](char c) { return c == ' ' || c == ','; }, '_');
  return name;
});

class OddPeer : public test::NodeTest {
 protected:
  ServedContent content{test::noise(3 * kMiB + 11)};
};

TEST_F(OddPeer, MaySendChunksThatNobodyAskedFor) {
  const Config bobs = config("bob");
  test::RunningNode bob(bobs);
  const test::ScriptedPeer eager(*bobs.port, [this](const wire::Envelope& asked) {
    Frames frames;
    frames.push_back(content.chunk_frame(asked.id.value_or(0) + 1'000'000, 0, as_bytes("never asked for")));
    for (Bytes& frame : content.answer(asked)) {
      frames.push_back(frame);
      if (std::holds_alternative<wire::ChunkRequest>(asked.message)) frames.push_back(std::move(frame));
    }
    return frames;
  });
  ASSERT_TRUE(bob.sees(1));
  const TransferView view = bob.fetch(content.link("film.bin"));
  EXPECT_EQ(view.state, TransferState::kDone);
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), content.bytes);
}

TEST_F(OddPeer, ThatBreaksTheFramesIsLetGo) {
  const Config bobs = config("bob");
  test::RunningNode bob(bobs);
  const std::vector<Bytes> broken = {
      Bytes{0, 0, 0, 0},                           // a frame of nothing
      Bytes{0xFF, 0xFF, 0xFF, 0xFF, '{', '}'},     // one of 4 GiB
      Bytes{0, 0, 0, 2, '[', ']'},                 // no object
      Bytes{0, 0, 0, 5, '{', '}', 'x', 'y', 'z'},  // more than an object
  };
  for (const Bytes& bytes : broken) {
    test::ScriptedPeer peer(*bobs.port, [&](const wire::Envelope& asked) {
      return std::holds_alternative<wire::FileListRequest>(asked.message) ? Frames{bytes} : Frames{};
    });
    ASSERT_TRUE(bob.until([&](Node& node) {
      return std::ranges::any_of(node.peers(), [&](const PeerView& view) { return view.peer_id == peer.id(); });
    }));
    EXPECT_FALSE(bob.ask([&](Facade& node) { return node.list({.peer = peer.id().text, .path = "", .cursor = {}}); }));
    EXPECT_TRUE(peer.closed_within(test::kPatience)) << as_text(bytes);
  }
}

TEST_F(OddPeer, ThatSendsNonsenseInSoundFramesIsToldSo) {
  const Config bobs = config("bob");
  test::RunningNode bob(bobs);
  const std::string nonsense = R"({"type":"NO_SUCH_THING","id":7})";
  const std::string bad_field = R"({"type":"CHUNK_REQUEST","id":8,"file_id":"x"})";
  Frames frames;
  for (const std::string& text : {nonsense, bad_field}) {
    Bytes frame{0, 0, 0, static_cast<std::uint8_t>(text.size())};
    frame.insert(frame.end(), text.begin(), text.end());
    frames.push_back(frame);
  }
  bool said = false;
  const test::ScriptedPeer peer(*bobs.port, [&](const wire::Envelope& asked) {
    if (!std::holds_alternative<wire::Find>(asked.message) || std::exchange(said, true)) return content.answer(asked);
    Frames all = frames;
    for (Bytes& frame : content.answer(asked)) all.push_back(std::move(frame));
    return all;
  });
  ASSERT_TRUE(bob.sees(1));
  EXPECT_EQ(bob.fetch(content.link("film.bin")).state, TransferState::kDone) << "the session goes on";
  EXPECT_EQ(peer.messages_of("ERROR"), 2);
}

}  // namespace
}  // namespace essaim::node
