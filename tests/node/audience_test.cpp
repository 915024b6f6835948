// Every route to a share, walked by every kind of viewer: what is not for it is not there.
#include <array>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "support/node_fixture.hpp"
#include "support/scripted_peer.hpp"

namespace essaim::node {
namespace {

constexpr std::array kAudiences{"everyone", "trusted", "peers", "unlisted"};

// Four about each share, two about all, four about what is not there.
constexpr std::size_t kQuestions = 4 * kAudiences.size() + 6;

// What one viewer got to see of one share, by the route.
struct Seen {
  bool listed = false;
  bool opened = false;  // the share's folder can be listed by its path
  bool found_by_words = false;
  bool held = false;  // FIND
  bool manifest = false;
  bool chunk = false;
  friend bool operator==(const Seen&, const Seen&) = default;
};
constexpr Seen kAll{true, true, true, true, true, true};
constexpr Seen kByLink{false, false, false, true, true, true};  // who holds the link
constexpr Seen kNothing{};

class AudienceTest : public test::NodeTest {
 protected:
  // A folder with one file for each audience; the folder is called after it.
  AudienceTest() {
    for (std::size_t i = 0; i < kAudiences.size(); ++i) {
      const std::filesystem::path folder = dir.path() / "shared" / kAudiences[i];
      test::write_file(folder / "secret.bin", test::noise(100'000, i + 1));
      alice->share(folder);
      files.push_back(file_in(kAudiences[i]));
    }
  }
  // The content id of the file in it, while everybody may see it.
  ContentId file_in(const std::string& share) {
    const auto page = bob->ask([&](Facade& node) { return node.list({.peer = "alice", .path = share}); });
    EXPECT_TRUE(page && page->entries.size() == 1 && page->entries.front().id);
    return page->entries.front().id.value_or(ContentId{});
  }
  void set_audiences(const PeerId& named) {
    for (const std::string audience : kAudiences) {
      const std::string text = audience == "peers" ? named.text : audience;
      const auto set = alice->ask([&](Facade& node) {
        return node.share({.path = (dir.path() / "shared" / audience).string(), .audience = text});
      });
      ASSERT_TRUE(set) << set.error().message;
    }
  }

  // On every route about every share.
  std::vector<Bytes> questions() const {
    std::vector<Bytes> frames;
    const auto ask = [&](std::uint64_t id, wire::Message message) {
      frames.push_back(test::frame_of({.id = id, .message = std::move(message)}));
    };
    ask(1, wire::FileListRequest{});
    ask(2, wire::Search{.words = "secret"});
    for (std::size_t i = 0; i < kAudiences.size(); ++i) {
      ask(10 + i, wire::FileListRequest{.path = *SafePath::parse(kAudiences[i])});
      ask(20 + i, wire::Find{{files[i]}, true});
      ask(30 + i, wire::ManifestRequest{files[i], 0, 1});
      ask(40 + i, wire::ChunkRequest{files[i], 0, 1});
    }
    // Of what is not there: no other answer.
    ask(50, wire::FileListRequest{.path = *SafePath::parse("nothing")});
    ask(51, wire::Find{{ContentId{}}, true});
    ask(52, wire::ManifestRequest{ContentId{}, 0, 1});
    ask(53, wire::ChunkRequest{ContentId{}, 0, 1});
    return frames;
  }

  // A level-1 viewer of its own key; `prepare` may make alice think of it what it likes.
  std::vector<Seen> walk(const std::function<void(const PeerId&)>& prepare) {
    std::promise<void> prepared;
    std::promise<void> done;
    std::vector<wire::Envelope> answers;
    {
      test::ScriptedPeer viewer(alice_port, [&](const wire::Envelope& heard) {
        if (std::holds_alternative<wire::Hello>(heard.message)) {
          prepared.get_future().wait();
          return questions();
        }
        if (heard.id) answers.push_back(heard);
        if (answers.size() == kQuestions) done.set_value();
        return std::vector<Bytes>{};
      });
      prepare(viewer.id());
      set_audiences(viewer.id());
      prepared.set_value();
      EXPECT_EQ(done.get_future().wait_for(test::kPatience), std::future_status::ready);
    }
    return understand(answers);
  }

  static const wire::Envelope* answer_to(const std::vector<wire::Envelope>& answers, std::uint64_t id) {
    const auto found = std::ranges::find(answers, std::optional(id), &wire::Envelope::id);
    return found == answers.end() ? nullptr : &*found;
  }
  static std::vector<Seen> understand(const std::vector<wire::Envelope>& answers) {
    std::vector<Seen> seen(kAudiences.size());
    const auto list = std::get<wire::FileListResponse>(answer_to(answers, 1)->message);
    const auto result = std::get<wire::SearchResult>(answer_to(answers, 2)->message);
    for (std::size_t i = 0; i < kAudiences.size(); ++i) {
      const auto of_share = [&](const wire::ListEntry& entry) { return entry.path.text().starts_with(kAudiences[i]); };
      seen[i].listed = std::ranges::any_of(list.entries, of_share);
      seen[i].found_by_words = std::ranges::any_of(result.entries, of_share);
      seen[i].opened = is_not_as_missing<wire::FileListResponse>(answers, 10 + i, 50);
      const auto* found = std::get_if<wire::Found>(&answer_to(answers, 20 + i)->message);
      seen[i].held = found != nullptr && !found->entries.empty();
      seen[i].manifest = is_not_as_missing<wire::ManifestData>(answers, 30 + i, 52);
      const auto* chunk = answer_to(answers, 40 + i);
      seen[i].chunk = chunk != nullptr && std::holds_alternative<wire::ChunkData>(chunk->message);
    }
    EXPECT_FALSE(is_not_as_missing<wire::Found>(answers, 51, 51) &&
                 !std::get<wire::Found>(answer_to(answers, 51)->message).entries.empty());
    return seen;
  }
  // Whether it was answered; if not, then in the very words for what does not exist.
  template <class Good>
  static bool is_not_as_missing(const std::vector<wire::Envelope>& answers, std::uint64_t id, std::uint64_t missing) {
    const auto* answer = answer_to(answers, id);
    EXPECT_NE(answer, nullptr) << id;
    if (answer == nullptr || std::holds_alternative<Good>(answer->message)) return answer != nullptr;
    EXPECT_EQ(answer->message, answer_to(answers, missing)->message) << "told apart from what is not there";
    return false;
  }

  void expect(const std::vector<Seen>& seen, const std::array<Seen, 4>& expected) {
    for (std::size_t i = 0; i < kAudiences.size(); ++i) EXPECT_TRUE(seen[i] == expected[i]) << kAudiences[i];
  }

  // One question on a plain connection, and its answer.
  boost::json::object classic_question(const boost::json::object& question) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket(io);
    socket.connect({boost::asio::ip::address_v4::loopback(), alice_port});
    const Bytes frame = wire::encode_frame(question);
    boost::asio::write(socket, boost::asio::buffer(frame));
    std::array<std::uint8_t, 4> length{};
    boost::asio::read(socket, boost::asio::buffer(length));
    std::string text(
        (std::size_t{length[0]} << 24U) | (std::size_t{length[1]} << 16U) | (std::size_t{length[2]} << 8U) | length[3],
        ' ');
    boost::asio::read(socket, boost::asio::buffer(text));
    return boost::json::parse(text).as_object();
  }

  std::unique_ptr<test::RunningNode> alice = start("alice");
  std::uint16_t alice_port = alice->status().port;
  std::unique_ptr<test::RunningNode> bob = start("bob");
  std::vector<ContentId> files;
};

void trust(test::RunningNode& node, const PeerId& peer, access::Trust how) {
  const auto set = node.ask([&](Facade& known) { return known.set_trust(peer.text, how); });
  ASSERT_TRUE(set) << set.error().message;
}

TEST_F(AudienceTest, AStrangerSeesWhatIsForEverybodyAndFetchesWhatItHasALinkFor) {
  expect(walk([](const PeerId&) {}), {kAll, kNothing, kAll, kByLink});
}

TEST_F(AudienceTest, AFriendSeesWhatIsForFriendsToo) {
  expect(walk([&](const PeerId& viewer) { trust(*alice, viewer, access::Trust::kTrusted); }),
         {kAll, kAll, kAll, kByLink});
}

TEST_F(AudienceTest, AClassicPeerSeesOnlyWhatIsForEverybody) {
  set_audiences(PeerId{std::string(32, 'a')});
  // A file is in the classic list once it has a SHA-256, made in the background.
  boost::json::object list;
  const auto give_up = std::chrono::steady_clock::now() + test::kPatience;
  while (std::chrono::steady_clock::now() < give_up) {
    list = classic_question({{"type", "FILE_LIST_REQUEST"}, {"peer_id", "old"}, {"data", boost::json::object()}});
    if (!list.at("data").at("files").as_array().empty()) break;
  }
  const auto& files_seen = list.at("data").at("files").as_array();
  ASSERT_EQ(files_seen.size(), 1U);
  EXPECT_EQ(files_seen[0].at("file_id").as_string(), to_base32(files[0].view()));
  const auto chunk_of = [&](const ContentId& id) {
    return classic_question({{"type", "CHUNK_REQUEST"},
                             {"peer_id", "old"},
                             {"data", {{"file_id", to_base32(id.view())}, {"chunk_index", 0}}}});
  };
  EXPECT_EQ(chunk_of(files[0]).at("type").as_string(), "CHUNK_DATA");
  const auto missing = chunk_of(ContentId{});
  EXPECT_EQ(missing.at("type").as_string(), "ERROR");
  for (std::size_t i = 1; i < files.size(); ++i) EXPECT_EQ(chunk_of(files[i]), missing) << kAudiences[i];
}

}  // namespace
}  // namespace essaim::node
