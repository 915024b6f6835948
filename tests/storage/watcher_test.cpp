#include "storage/watcher.hpp"

#include <functional>
#include <poll.h>
#include <string>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

namespace fs = std::filesystem;

constexpr ShareId kFirst{1};
constexpr ShareId kSecond{2};

std::shared_ptr<const ShareRoot> root_of(const fs::path& path) {
  return std::make_shared<const ShareRoot>(ShareRoot::open(path.string()).value());
}

class WatcherTest : public ::testing::Test {
 protected:
  // Events are there when the call that causes them returns, so nothing needs to be waited for.
  std::set<ShareId> changed_by(const std::function<void()>& change) {
    (void)watcher_.drain();
    change();
    pollfd ready{.fd = watcher_.fd(), .events = POLLIN, .revents = 0};
    const bool readable = ::poll(&ready, 1, 0) == 1;
    auto report = watcher_.drain();
    EXPECT_TRUE(readable || report.changed.empty());
    EXPECT_FALSE(report.trouble.has_value());
    return report.changed;
  }
  using Shares = std::set<ShareId>;
  test::TempDir temp_;
  test::TempDir other_;
  Watcher watcher_ = Watcher::make().value();
};

TEST_F(WatcherTest, SeesEveryKindOfChangeAtAnyDepth) {
  test::write_file(temp_ / "a/b/file", "x");
  test::write_file(temp_ / "a/b/second", "x");
  ASSERT_TRUE(watcher_.add(kFirst, root_of(temp_.path())).has_value());
  EXPECT_EQ(changed_by([&] {}), Shares{});
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "a/b/file", "y"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "new", "y"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { fs::remove(temp_ / "a/b/file"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { fs::rename(temp_ / "a/b/second", temp_ / "a/b/third"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { test::make_old(temp_ / "a/b/third"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { fs::remove_all(temp_ / "a"); }), Shares{kFirst});
}

TEST_F(WatcherTest, WatchesFoldersThatAreMadeLaterOrMovedIn) {
  ASSERT_TRUE(watcher_.add(kFirst, root_of(temp_.path())).has_value());
  EXPECT_EQ(changed_by([&] { fs::create_directories(temp_ / "x/y/z"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "x/y/z/file", "x"); }), Shares{kFirst});
  fs::create_directories(other_ / "in/deep");
  EXPECT_EQ(changed_by([&] { fs::rename(other_ / "in", temp_ / "in"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "in/deep/file", "x"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { fs::rename(temp_ / "in", temp_ / "moved"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { fs::create_directory(temp_ / "moved/deep/more"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "moved/deep/more/file", "x"); }), Shares{kFirst});
}

TEST_F(WatcherTest, TellsSharesApartAlsoWhereOneLiesInTheOther) {
  fs::create_directory(temp_ / "inner");
  ASSERT_TRUE(watcher_.add(kFirst, root_of(temp_.path())).has_value());
  ASSERT_TRUE(watcher_.add(kSecond, root_of(temp_ / "inner")).has_value());
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "file", "x"); }), Shares{kFirst});
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "inner/file", "x"); }), (Shares{kFirst, kSecond}));
  watcher_.remove(kFirst);
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "file", "y"); }), Shares{});
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "inner/file", "y"); }), Shares{kSecond});
}

TEST_F(WatcherTest, WatchesOneFileAmongOthers) {
  test::write_file(temp_ / "shared", "x");
  ASSERT_TRUE(watcher_.add(kFirst, root_of(temp_ / "shared")).has_value());
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "other", "x"); }), Shares{});
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / "shared", "y"); }), Shares{kFirst});
}

TEST_F(WatcherTest, IgnoresOurOwnPartFilesAndWhatLinksLeadTo) {
  fs::create_directory_symlink(other_.path(), temp_ / "link");
  ASSERT_TRUE(watcher_.add(kFirst, root_of(temp_.path())).has_value());
  EXPECT_EQ(changed_by([&] { test::write_file(temp_ / ".film.essaim-part", "x"); }), Shares{});
  EXPECT_EQ(changed_by([&] { test::write_file(other_ / "file", "x"); }), Shares{});
}

TEST_F(WatcherTest, CallsForAScanOfAllWhenTheKernelLostEvents) {
  ASSERT_TRUE(watcher_.add(kFirst, root_of(temp_.path())).has_value());
  ASSERT_TRUE(watcher_.add(kSecond, root_of(other_.path())).has_value());
  std::ifstream limit_file("/proc/sys/fs/inotify/max_queued_events");
  std::size_t limit = 0;
  ASSERT_TRUE(limit_file >> limit);
  if (limit > 100'000) GTEST_SKIP() << "the kernel's queue is too long to fill here";
  // Of two files in turn, since the kernel keeps equal events that follow each other as one.
  test::write_file(temp_ / "a", "x");
  test::write_file(temp_ / "b", "x");
  for (std::size_t i = 0; i <= limit; ++i) fs::permissions(temp_ / (i % 2 == 0 ? "a" : "b"), fs::perms::owner_all);
  const WatchReport report = watcher_.drain();
  EXPECT_TRUE(report.lost_events);
  EXPECT_EQ(report.changed, (Shares{kFirst, kSecond}));
}

}  // namespace
}  // namespace essaim::storage
