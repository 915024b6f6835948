// What goes wrong on this side: files that change, folders that refuse, disks that fill, homes in use.
#include <csignal>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "support/node_fixture.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using test::noise;
using test::read_file;
using test::write_file;

class FaultsTest : public test::NodeTest {
 protected:
  Failure failure_of_start(const Config& bad) {
    asio::io_context control;
    const auto made = Node::create(control, bad, log);
    EXPECT_FALSE(made);
    return made ? Failure{} : made.error();
  }
  test::KeptLog log;
};

// --- a shared file that does not stay what it was ---

struct Change {
  const char* name;
  std::function<void(const fs::path&)> make;
};

class ChangingFile : public FaultsTest, public ::testing::WithParamInterface<Change> {};

TEST_P(ChangingFile, NeverBecomesAMixAndTheNodeGoesOn) {
  const std::string before = noise(4 * kMiB);
  const fs::path path = dir / "shared/film.bin";
  write_file(path, before);
  Config slow = config("alice");
  slow.up_bytes_per_second = 4 * kMiB;
  test::RunningNode alice(slow);
  const auto bob = start("bob");
  alice.share(path);
  const auto begun = bob->get("alice/film.bin");
  ASSERT_TRUE(begun) << begun.error().message;
  ASSERT_TRUE(bob->until_transfer(begun->id, [](const TransferView& view) { return view.bytes_done > kMiB; }));
  GetParam().make(path);
  ASSERT_TRUE(bob->until_transfer(begun->id, [](const TransferView& view) {
    return view.state == TransferState::kDone || view.failure.has_value();
  }));
  const TransferView view = bob->transfer(begun->id);
  if (view.state == TransferState::kDone) {
    EXPECT_EQ(read_file(in("bob") / "film.bin"), before);
  } else {
    EXPECT_FALSE(view.failure->message.empty());
    EXPECT_FALSE(fs::exists(in("bob") / "film.bin"));
  }
  EXPECT_EQ(alice.status().name, "alice");
}

INSTANTIATE_TEST_SUITE_P(
    That, ChangingFile,
    ::testing::Values(Change{"is_written_over", [](const fs::path& path) { write_file(path, noise(4 * kMiB, 2)); }},
                      Change{"shrinks", [](const fs::path& path) { fs::resize_file(path, kMiB / 2); }},
                      Change{"grows", [](const fs::path& path) { fs::resize_file(path, 5 * kMiB); }},
                      Change{"is_replaced",
                             [](const fs::path& path) {
                               write_file(path.parent_path() / "new", noise(4 * kMiB, 3));
                               fs::rename(path.parent_path() / "new", path);
                             }},
                      Change{"vanishes", [](const fs::path& path) { fs::remove(path); }}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(FaultsTest, AChangedFileIsSharedAsWhatItIsNow) {
  const fs::path path = dir / "shared/file";
  write_file(path, "before");
  const auto alice = start("alice");
  const auto bob = start("bob");
  const ShareView share = alice->share(path);
  write_file(path, "and after");
  ASSERT_TRUE(alice->until([&](Node& node) {
    const ShareView now = node.shares().front();
    return now.state == ShareState::kReady && now.id != share.id;
  }));
  EXPECT_EQ(bob->fetch("alice/file").state, TransferState::kDone);
  EXPECT_EQ(read_file(in("bob") / "file"), "and after");
}

// --- a start that cannot be ---

TEST_F(FaultsTest, ATakenPortThatWasAskedForIsSaidWithWhatToDo) {
  asio::io_context io;
  asio::ip::tcp::acceptor taken(io, {asio::ip::tcp::v6(), 0});
  Config bad = config("alice");
  bad.port = taken.local_endpoint().port();
  const Failure failure = failure_of_start(bad);
  EXPECT_EQ(failure.code, FailureCode::kFailed);
  EXPECT_NE(failure.message.find(std::to_string(*bad.port)), std::string::npos) << failure.message;
  EXPECT_NE(failure.message.find("--port"), std::string::npos) << failure.message;
}

TEST_F(FaultsTest, ATakenPortThatNobodyAskedForIsPassedOver) {
  Config one = config("alice");
  Config other = config("bob");
  one.port = other.port = std::nullopt;
  test::RunningNode alice(one);
  test::RunningNode bob(other);
  EXPECT_NE(alice.status().port, bob.status().port);
}

TEST_F(FaultsTest, AHomeInUseIsRefusedWithThePidOfWhoUsesIt) {
  const auto alice = start("alice");
  const Failure failure = failure_of_start(config("alice"));
  EXPECT_EQ(failure.code, FailureCode::kRefused);
  EXPECT_NE(failure.message.find(std::to_string(::getpid())), std::string::npos) << failure.message;
  EXPECT_EQ(alice->status().name, "alice") << "and who uses it is not disturbed";
}

TEST_F(FaultsTest, ADamagedCatalogueIsKeptAsideAndTheIdentityStays) {
  PeerId id;
  {
    const auto alice = start("alice");
    id = alice->status().peer_id;
    EXPECT_TRUE(alice->stop());
  }
  const std::string garbage = noise(8192);
  for (const char* suffix : {"-wal", "-shm"}) fs::remove((dir / "alice/catalogue.db").string() + suffix);
  write_file(dir / "alice/catalogue.db", garbage);
  const auto alice = start("alice");
  EXPECT_EQ(alice->status().peer_id, id);
  EXPECT_EQ(alice->status().shares, 0U);
  EXPECT_NE(alice->log().find("damaged"), std::string::npos) << alice->log();
  bool kept = false;
  for (const std::string& name : names_in(dir / "alice")) {
    const bool aside = name.starts_with("catalogue.db") && name != "catalogue.db";
    kept |= aside && read_file(dir / "alice" / name) == garbage;
  }
  EXPECT_TRUE(kept);
}

TEST_F(FaultsTest, ADamagedIdentityIsNeverReplacedByANewOne) {
  {
    const auto alice = start("alice");
  }
  for (const std::string& name : names_in(dir / "alice")) {
    if (name.find("identity") != std::string::npos && fs::is_regular_file(dir / "alice" / name)) {
      write_file(dir / "alice" / name, "garbage");
    }
  }
  EXPECT_FALSE(failure_of_start(config("alice")).message.empty());
}

// --- a destination that refuses ---

TEST_F(FaultsTest, ADestinationThatIsMissingIsMade) {
  write_file(dir / "shared/file", "x");
  const auto alice = start("alice");
  const auto bob = start("bob");
  alice->share(dir / "shared/file");
  EXPECT_EQ(bob->fetch("alice/file", (dir / "new/folder/as").string()).state, TransferState::kDone);
  EXPECT_EQ(read_file(dir / "new/folder/as"), "x");
}

TEST_F(FaultsTest, ADestinationInsideAFileIsRefused) {
  write_file(dir / "shared/file", "x");
  write_file(dir / "in the way", "y");
  const auto alice = start("alice");
  const auto bob = start("bob");
  alice->share(dir / "shared/file");
  const TransferView view = bob->fetch("alice/file", (dir / "in the way/as").string());
  EXPECT_EQ(view.state, TransferState::kFailed);
  ASSERT_TRUE(view.failure);
  EXPECT_NE(view.failure->message.find("in the way"), std::string::npos) << view.failure->message;
  EXPECT_EQ(read_file(dir / "in the way"), "y");
}

// Runs `check` in a child process; 0 when it said yes, kCannot when the child may not do what the test needs.
constexpr int kCannot = 77;
template <class Check>
int in_child(Check check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(FaultsTest, ADestinationWithoutPermissionIsRefused) {
  constexpr uid_t kNobody = 65534;
  write_file(dir / "shared/file", "x");
  fs::create_directories(dir / "closed");
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(dir.text().c_str(), kNobody, kNobody), 0);
  } else {
    fs::permissions(dir / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  }
  const int code = in_child([&] {
    if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) return kCannot;
    const auto alice = start("alice");
    const auto bob = start("bob");
    alice->share(dir / "shared/file");
    const TransferView view = bob->fetch("alice/file", (dir / "closed").string());
    const bool refused = view.state == TransferState::kFailed && view.failure->code == FailureCode::kRefused &&
                         view.failure->message.find("permission") != std::string::npos;
    return refused ? 0 : 1;
  });
  if (code == kCannot) GTEST_SKIP() << "cannot become another user here";
  EXPECT_EQ(code, 0);
}

class SmallDisk : public FaultsTest {
 protected:
  // As in_child(), with 12 MiB of disk for bob's downloads.
  template <class Check>
  int on_small_disk(Check check) {
    fs::create_directories(in("bob"));
    return in_child([&] {
      const bool own_mounts = ::unshare(CLONE_NEWNS) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
      const bool mounted = own_mounts && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                           ::mount("tmpfs", in("bob").c_str(), "tmpfs", 0, "size=12m") == 0;
      return !mounted ? kCannot : check() ? 0 : 1;
    });
  }
};

TEST_F(SmallDisk, IsSeenBeforeAnythingIsFetched) {
  write_file(dir / "shared/file", std::string(13 * kMiB, 'x'));
  const int code = on_small_disk([&] {
    const auto alice = start("alice");
    const auto bob = start("bob");
    alice->share(dir / "shared/file");
    const TransferView view = bob->fetch("alice/file");
    return view.state == TransferState::kFailed && view.failure->message.find("not enough room") != std::string::npos &&
           bob->status().bytes_received == 0 && names_in(in("bob")).empty();
  });
  if (code == kCannot) GTEST_SKIP() << "no right to mount here";
  EXPECT_EQ(code, 0);
}

TEST_F(SmallDisk, HasRoomForWhatIsMissingOfWhatWasBegun) {
  const std::string content = noise(8 * kMiB);
  write_file(dir / "shared/file", content);
  fs::create_directories(dir / "shared/box");
  write_file(dir / "shared/box/file", noise(8 * kMiB, 2));
  const int code = on_small_disk([&] {
    Config slow = config("bob");
    slow.down_bytes_per_second = 8 * kMiB;
    const auto alice = start("alice");
    alice->share(dir / "shared/file");
    alice->share(dir / "shared/box");
    for (const char* const target : {"alice/file", "alice/box"}) {
      {
        test::RunningNode bob(slow);
        const auto begun = bob.get(target);
        const auto half = [](const TransferView& view) { return view.bytes_done > 4 * kMiB; };
        if (!begun || !bob.until_transfer(begun->id, half) || !bob.stop()) return false;
      }
      test::RunningNode bob(config("bob"));
      if (bob.fetch(target).state != TransferState::kDone) return false;
      if (!bob.fetch(target).already_there) return false;
      for (const auto& entry : fs::directory_iterator(in("bob"))) fs::remove_all(entry);
    }
    return true;
  });
  if (code == kCannot) GTEST_SKIP() << "no right to mount here";
  EXPECT_EQ(code, 0);
}

TEST_F(SmallDisk, ThatFillsUpIsWaitedForAndLosesNothing) {
  const std::string content = noise(8 * kMiB);
  write_file(dir / "shared/file", content);
  const int code = on_small_disk([&] {
    Config slow = config("bob");
    slow.down_bytes_per_second = 8 * kMiB;
    const auto alice = start("alice");
    test::RunningNode bob(slow);
    alice->share(dir / "shared/file");
    const auto begun = bob.get("alice/file");
    if (!begun) return false;
    const bool going = bob.until_transfer(begun->id, [](const TransferView& view) { return view.bytes_done > 0; });
    write_file(in("bob") / "other", std::string(12 * kMiB, 'o'));
    const bool told = bob.until_transfer(begun->id, [](const TransferView& view) { return view.failure.has_value(); });
    if (bob.transfer(begun->id).state != TransferState::kRunning) return false;
    fs::remove(in("bob") / "other");
    const bool done = bob.end_of(begun->id).state == TransferState::kDone;
    return going && told && done && read_file(in("bob") / "file") == content;
  });
  if (code == kCannot) GTEST_SKIP() << "no right to mount here";
  EXPECT_EQ(code, 0);
}

// --- noise from the network ---

TEST_F(FaultsTest, DatagramsOfGarbageAreCountedAndThatIsAll) {
  const Config alices = config("alice");
  test::RunningNode alice(alices);
  asio::io_context io;
  asio::ip::udp::socket socket(io, {asio::ip::address_v4::loopback(), 0});
  const std::vector<std::string> garbage = {"",
                                            "{",
                                            "[]",
                                            std::string(1400, '\xFF'),
                                            R"({"type":"ANNOUNCE"})",
                                            R"({"type":"ANNOUNCE","peer_id":"x","port":0})",
                                            std::string(9000, 'x')};
  for (const std::string& datagram : garbage) {
    socket.send_to(asio::buffer(datagram), {asio::ip::address_v4::loopback(), *alices.port});
  }
  EXPECT_TRUE(alice.until([](Node& node) {
    return std::ranges::any_of(node.metrics(), [](const auto& metric) {
      return metric.first.find("bad") != std::string::npos && metric.second >= 4;
    });
  }));
  EXPECT_TRUE(alice.look([](Node& node) { return node.peers(); }).empty());
}

TEST_F(FaultsTest, ConnectionsOfGarbageAreClosedAndOthersServed) {
  write_file(dir / "shared/file", "x");
  const Config alices = config("alice");
  test::RunningNode alice(alices);
  alice.share(dir / "shared/file");
  asio::io_context io;
  const std::vector<std::string> garbage = {
      std::string("\x16\x03\x01\x00\x05hello", 10),  // as TLS begins
      std::string("GET / HTTP/1.1\r\n\r\n"),         // another protocol: a length of 1.2 GB
      std::string("\xFF\xFF\xFF\xFF{}", 6),          // a frame of 4 GiB
      std::string("\x00\x00\x00\x00", 4),            // a frame of nothing
      std::string("\x00\x00\x00\x03[1]", 7),         // no object
  };
  for (const std::string& bytes : garbage) {
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), *alices.port});
    asio::write(socket, asio::buffer(bytes));
    boost::system::error_code error;
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), error);  // ends when the node closes
    EXPECT_TRUE(error == asio::error::eof || error == asio::error::connection_reset) << error.message();
  }
  const auto bob = start("bob");
  EXPECT_EQ(bob->fetch("alice/file").state, TransferState::kDone);
}

}  // namespace
}  // namespace essaim::node
