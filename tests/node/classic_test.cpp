// Downloads from peers of level 0.
#include <atomic>

#include <gtest/gtest.h>

#include "content/hash.hpp"
#include "discovery/announcement.hpp"
#include "support/node_fixture.hpp"
#include "transport/frame_stream.hpp"
#include "transport/plain_stream.hpp"
#include "wire/classic_message.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
namespace classic = wire::classic;

// A peer of level 0 that shows a list, whatever is in it, and serves one content under every id.
class ClassicPeer {
 public:
  ClassicPeer(std::vector<classic::File> files, std::string content)
      : files_(std::move(files)), content_(std::move(content)) {
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  ClassicPeer(const ClassicPeer&) = delete;
  ClassicPeer& operator=(const ClassicPeer&) = delete;
  ~ClassicPeer() {
    io_.stop();
    thread_.join();
  }
  // From now on the hashes of its chunks are wrong. Before anybody asks it.
  void garble() { garbles_ = true; }
  // Makes itself known to the node at this port.
  void announce_to(std::uint16_t node_port) const {
    asio::io_context io;
    asio::ip::udp::socket socket(io, {asio::ip::address_v4::loopback(), 0});
    const Bytes datagram = discovery::encode_announcement(
        {.peer_id = PeerId{"old-peer"}, .port = port_, .level = wire::Level::kClassic, .name = {}});
    socket.send_to(asio::buffer(datagram), {asio::ip::address_v4::loopback(), node_port});
  }

 private:
  asio::awaitable<void> accept() {
    while (true) {
      auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
      asio::co_spawn(io_, talk(std::move(socket)), asio::detached);
    }
  }
  asio::awaitable<void> talk(asio::ip::tcp::socket socket) {
    transport::PlainStream stream(std::move(socket));
    transport::FrameStream frames(stream, wire::Level::kClassic);
    while (true) {
      const auto frame = co_await frames.read_frame();
      if (!frame) co_return;
      const auto asked = classic::parse_message(*frame);
      if (!asked) co_return;
      classic::Message message = classic::FileListResponse{files_};
      if (const auto* wanted = std::get_if<classic::ChunkRequest>(&asked->message)) message = chunk(*wanted);
      const Bytes bytes = classic::encode_message({PeerId{"old-peer"}, std::move(message)});
      if (!co_await frames.write(bytes)) co_return;
    }
  }
  classic::ChunkData chunk(const classic::ChunkRequest& wanted) const {
    const std::size_t at = wanted.chunk_index * static_cast<std::size_t>(wire::kClassicChunkBytes);
    const ByteView bytes = as_bytes(std::string_view(content_).substr(at, wire::kClassicChunkBytes));
    return {.file_id = wanted.file_id,
            .chunk_index = wanted.chunk_index,
            .data = Bytes(bytes.begin(), bytes.end()),
            .hash = garbles_ ? Sha256() : content::sha256_of(bytes)};
  }

  std::atomic<bool> garbles_ = false;
  const std::vector<classic::File> files_;
  const std::string content_;
  asio::io_context io_{1};
  asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  const std::uint16_t port_ = acceptor_.local_endpoint().port();
  std::thread thread_;
};

// What a peer of level 0 is answered by the node at this port.
template <class Answer>
std::vector<Answer> ask_node(std::uint16_t node_port, const std::vector<classic::Message>& questions) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), node_port});
  transport::PlainStream stream(std::move(socket));
  transport::FrameStream frames(stream, wire::Level::kClassic);
  frames.accept_peer();
  std::vector<Answer> answers;
  const auto ask = [&]() -> asio::awaitable<void> {
    for (const classic::Message& message : questions) {
      const Bytes question = classic::encode_message({PeerId{"old-peer"}, message});
      if (!co_await frames.write(question)) co_return;
      const auto frame = co_await frames.read_frame();
      if (!frame) co_return;
      auto answer = classic::parse_message(*frame);
      if (answer && std::holds_alternative<Answer>(answer->message)) {
        answers.push_back(std::get<Answer>(std::move(answer->message)));
      }
    }
  };
  asio::co_spawn(io, ask(), [&io](const std::exception_ptr&) { io.stop(); });
  io.run();
  return answers;
}

// Does it show classic peers a file? It does when its SHA-256 is known.
bool shows_a_file(std::uint16_t node_port) {
  const auto lists = ask_node<classic::FileListResponse>(node_port, {classic::FileListRequest{}});
  return !lists.empty() && !lists.front().files.empty();
}

class ClassicTest : public test::NodeTest {
 protected:
  ClassicTest() : bobs(config("bob")) {}
  classic::File file(const std::string& name) const {
    return {.file_id = "1",
            .filename = name,
            .size = content.size(),
            .hash = content::sha256_of(as_bytes(content)),
            .chunks_total = 2};
  }
  void meet(test::RunningNode& bob, const ClassicPeer& peer) {
    peer.announce_to(*bobs.port);
    ASSERT_TRUE(bob.sees(1));
  }

  const Config bobs;
  const std::string content = test::noise(wire::kClassicChunkBytes + 3);
};

TEST_F(ClassicTest, AFileOfAClassicPeerComesWhole) {
  const ClassicPeer peer({file("song.mp3")}, content);
  test::RunningNode bob(bobs);
  meet(bob, peer);
  const TransferView view = bob.fetch("old-peer/song.mp3");
  ASSERT_EQ(view.state, TransferState::kDone) << (view.failure ? view.failure->message : "");
  EXPECT_EQ(test::read_file(in("bob") / "song.mp3"), content);
}

// Alice, at level 1, is slow; the classic peer has the same file under another name.
TEST_F(ClassicTest, APeerWithTheSameFileIsOneOfItsSources) {
  const std::string film = test::noise(9 * content::kChunkBytesMin + 5);
  classic::File same = file("other-name.bin");
  same.size = film.size();
  same.hash = content::sha256_of(as_bytes(film));
  same.chunks_total = 10;
  test::write_file(dir / "shared/film.bin", film);
  Config slow = config("alice");
  slow.up_bytes_per_second = 256 * kKiB;
  test::RunningNode alice(slow);
  alice.share(dir / "shared/film.bin");
  while (!shows_a_file(*slow.port)) {
  }
  const ClassicPeer peer({file("song.mp3"), same}, film);
  test::RunningNode bob(bobs);
  peer.announce_to(*bobs.port);
  ASSERT_TRUE(bob.sees(2));
  const TransferView view = bob.fetch("alice/film.bin");
  ASSERT_EQ(view.state, TransferState::kDone) << (view.failure ? view.failure->message : "");
  EXPECT_EQ(test::read_file(in("bob") / "film.bin"), film);
  const auto from_peer = std::ranges::find(view.sources, PeerId{"old-peer"}, &SourceView::peer_id);
  ASSERT_NE(from_peer, view.sources.end());
  EXPECT_GE(from_peer->bytes, 4 * content::kChunkBytesMin);
}

// The first of the chunks comes at once, and a little after a pause too; each of the others takes a quarter of a
// second.
constexpr std::size_t kLimitedChunks = 4;
constexpr std::uint64_t kLimit = 1 * kMiB;
constexpr double kLimitedSecondsMin = 0.6;

class LimitedClassicTest : public ClassicTest {
 protected:
  [[nodiscard]] classic::File film_file() const {
    classic::File large = file("film.mkv");
    large.size = film.size();
    large.hash = content::sha256_of(as_bytes(film));
    large.chunks_total = kLimitedChunks;
    return large;
  }
  const std::string film = test::noise(kLimitedChunks * wire::kClassicChunkBytes);
};

TEST_F(LimitedClassicTest, ADownloadKeepsToTheLimitOfTheNode) {
  const ClassicPeer peer({film_file()}, film);
  Config limited = bobs;
  limited.down_bytes_per_second = kLimit;
  test::RunningNode bob(limited);
  meet(bob, peer);
  const TransferView view = bob.fetch("old-peer/film.mkv");
  EXPECT_EQ(view.state, TransferState::kDone);
  EXPECT_GE(view.seconds, kLimitedSecondsMin);
}

TEST_F(LimitedClassicTest, ADownloadKeepsToItsOwnLimit) {
  const ClassicPeer peer({film_file()}, film);
  test::RunningNode bob(bobs);
  meet(bob, peer);
  const auto begun =
      bob.ask([](Facade& node) { return node.get({.target = "old-peer/film.mkv", .bytes_per_second = kLimit}); });
  ASSERT_TRUE(begun) << begun.error().message;
  const TransferView view = bob.end_of(begun->id);
  EXPECT_EQ(view.state, TransferState::kDone);
  EXPECT_GE(view.seconds, kLimitedSecondsMin);
}

TEST_F(LimitedClassicTest, ADownloadThatWaitsForItsLimitIsPausedAtOnceAndGoesOnWithoutIt) {
  const ClassicPeer peer({film_file()}, film);
  test::RunningNode bob(bobs);
  meet(bob, peer);
  const auto begun =
      bob.ask([](Facade& node) { return node.get({.target = "old-peer/film.mkv", .bytes_per_second = 1}); });
  ASSERT_TRUE(begun) << begun.error().message;
  ASSERT_TRUE(
      bob.until_transfer(begun->id, [](const TransferView& view) { return view.state == TransferState::kRunning; }));
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.pause(begun->id); }));
  EXPECT_EQ(bob.end_of(begun->id).state, TransferState::kPaused);
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.resume(begun->id); }));
  ASSERT_TRUE(
      bob.until_transfer(begun->id, [](const TransferView& view) { return view.state == TransferState::kRunning; }));
  ASSERT_TRUE(bob.ask([&](Facade& node) { return node.set_limit(begun->id, std::nullopt); }));
  EXPECT_EQ(bob.end_of(begun->id).state, TransferState::kDone);
}

TEST_F(LimitedClassicTest, WhatItIsServedKeepsToTheLimitOfTheNode) {
  test::write_file(dir / "shared/film.mkv", film);
  Config limited = config("alice");
  limited.up_bytes_per_second = kLimit;
  test::RunningNode alice(limited);
  alice.share(dir / "shared/film.mkv");
  while (!shows_a_file(*limited.port)) {
  }
  const auto lists = ask_node<classic::FileListResponse>(*limited.port, {classic::FileListRequest{}});
  ASSERT_FALSE(lists.empty() || lists.front().files.empty());
  std::vector<classic::Message> questions;
  for (std::uint32_t i = 0; i < kLimitedChunks; ++i) {
    questions.emplace_back(classic::ChunkRequest{lists.front().files.front().file_id, i});
  }
  const auto began = std::chrono::steady_clock::now();
  const auto chunks = ask_node<classic::ChunkData>(*limited.port, questions);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::string got;
  for (const classic::ChunkData& chunk : chunks) got += as_text(chunk.data);
  EXPECT_TRUE(got == film);
  EXPECT_GE(took.count(), kLimitedSecondsMin);
  EXPECT_TRUE(alice.until([&](Node& node) { return node.status().bytes_sent == film.size(); }));
}

TEST_F(ClassicTest, AFileThatIsNotWhatWasAnnouncedIsNotKept) {
  classic::File lie = file("song.mp3");
  lie.hash = content::sha256_of(as_bytes("something else"));
  const ClassicPeer peer({lie}, content);
  test::RunningNode bob(bobs);
  meet(bob, peer);
  const TransferView view = bob.fetch("old-peer/song.mp3");
  EXPECT_EQ(view.state, TransferState::kFailed);
  ASSERT_TRUE(view.failure);
  EXPECT_EQ(view.failure->code, FailureCode::kRefused);
  EXPECT_TRUE(names_in(in("bob")).empty());
}

// Where the hash of the file is not known, that of each chunk is all there is.
TEST_F(ClassicTest, AChunkThatIsNotWhatItsHashSaysIsNotKept) {
  classic::File unknown = file("song.mp3");
  unknown.hash.reset();
  ClassicPeer peer({unknown}, content);
  peer.garble();
  test::RunningNode bob(bobs);
  meet(bob, peer);
  const TransferView view = bob.fetch("old-peer/song.mp3");
  EXPECT_EQ(view.state, TransferState::kFailed);
  EXPECT_TRUE(names_in(in("bob")).empty());
}

TEST_F(ClassicTest, ANameThatClimbsOutOfTheFolderIsRefused) {
  const std::vector<std::string> names = {
      "../escaped.txt",           "../../escaped.txt", "/tmp/essaim-escaped.txt", "down/escaped.txt", "..", ".",
      std::string("nul\0byte", 8)};
  std::vector<classic::File> files;
  for (const std::string& name : names) files.push_back(file(name));
  const ClassicPeer peer(files, content);
  test::RunningNode bob(bobs);
  meet(bob, peer);
  const auto before = names_in(dir.path());
  for (const std::string& name : names) {
    const auto got = bob.get("old-peer/" + name);
    ASSERT_FALSE(got) << name;
    EXPECT_TRUE(got.error().code == FailureCode::kRefused || got.error().code == FailureCode::kNotFound) << name;
    EXPECT_FALSE(got.error().message.empty());
  }
  EXPECT_FALSE(std::filesystem::exists("/tmp/essaim-escaped.txt"));
  for (const std::string& name : names_in(dir.path())) {
    EXPECT_EQ(name.find("escaped"), std::string::npos) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(in("bob"))) << "nothing was written at all";
}

}  // namespace
}  // namespace essaim::node
