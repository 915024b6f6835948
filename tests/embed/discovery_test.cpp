// Discovery of the public library, on the loopback interface alone.
#include "essaim/discovery.hpp"

#include <chrono>
#include <future>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace essaim {
namespace {

constexpr std::chrono::seconds kPatience{30};

Result<> start_deaf(Discovery& discovery) {
  return discovery.start([](const FoundPeer&) {});
}

// Keeps the first peer of one name that is found.
class Finder {
 public:
  explicit Finder(std::string peer_id) : wanted_(std::move(peer_id)) {}

  Discovery::OnPeer callback() {
    return [this](const FoundPeer& peer) {
      if (peer.peer_id == wanted_ && !std::exchange(is_found_, true)) found_.set_value(peer);
    };
  }
  FoundPeer wait() {
    auto answer = found_.get_future();
    if (answer.wait_for(kPatience) == std::future_status::ready) return answer.get();
    ADD_FAILURE() << wanted_ << " was not found";
    return {};
  }

 private:
  std::string wanted_;
  bool is_found_ = false;  // on the thread of the callback
  std::promise<FoundPeer> found_;
};

TEST(Discovery, PeersHearEachOther) {
  Finder finds_alice("alice");
  Finder finds_bob("bob");
  Discovery alice("alice", {.udp_port = 0, .tcp_port = 1001, .interfaces = {"lo"}});
  ASSERT_TRUE(alice.start(finds_bob.callback()));
  Discovery bob("bob", {.udp_port = alice.udp_port(), .tcp_port = 1002, .interfaces = {"lo"}});
  ASSERT_TRUE(bob.start(finds_alice.callback()));

  const FoundPeer found = finds_bob.wait();
  EXPECT_EQ(found.peer_id, "bob");
  EXPECT_EQ(found.ip, "127.0.0.1");
  EXPECT_EQ(found.port, 1002);
  EXPECT_EQ(finds_alice.wait().port, 1001);
}

TEST(Discovery, ACallbackMayStopIt) {
  Discovery alice("alice", {.udp_port = 0, .interfaces = {"lo"}});
  std::promise<void> stopped;
  ASSERT_TRUE(alice.start([&](const FoundPeer&) {
    alice.stop();
    stopped.set_value();  // a second call would throw
  }));
  Discovery bob("bob", {.udp_port = alice.udp_port(), .interfaces = {"lo"}});
  ASSERT_TRUE(start_deaf(bob));
  EXPECT_EQ(stopped.get_future().wait_for(kPatience), std::future_status::ready);
}

TEST(Discovery, CanBeStartedAgain) {
  Discovery alice("alice", {.udp_port = 0, .interfaces = {"lo"}});
  ASSERT_TRUE(start_deaf(alice));
  EXPECT_FALSE(start_deaf(alice));
  alice.stop();
  EXPECT_EQ(alice.udp_port(), 0);
  alice.stop();
  EXPECT_TRUE(start_deaf(alice));
}

TEST(Discovery, NeedsAPeerId) {
  for (const std::size_t bytes : {0U, 129U}) {
    Discovery discovery(std::string(bytes, 'p'), {.udp_port = 0, .interfaces = {"lo"}});
    EXPECT_FALSE(start_deaf(discovery)) << bytes;
  }
  Discovery longest(std::string(128, 'p'), {.udp_port = 0, .interfaces = {"lo"}});
  EXPECT_TRUE(start_deaf(longest));
}

}  // namespace
}  // namespace essaim
