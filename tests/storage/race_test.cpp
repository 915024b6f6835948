// Somebody who may write in a folder of ours swaps folders for links that lead out of it, as fast as the system can,
// while we work there. Nothing outside may change, whatever is answered.
#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <map>
#include <stdio.h>
#include <string>
#include <sys/stat.h>
#include <thread>

#include <gtest/gtest.h>

#include "storage/directory.hpp"
#include "storage/open_beneath.hpp"
#include "storage/part_file.hpp"
#include "storage/scanner.hpp"
#include "storage/tree_target.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

SafePath safe(std::string_view text) { return SafePath::parse(text).value(); }

// ESSAIM_RACE_OPERATIONS of each kind; the full form is 10,000.
int operations() {
  const char* const number = std::getenv("ESSAIM_RACE_OPERATIONS");
  return number == nullptr ? 500 : std::atoi(number);
}

// "swapped" is a folder, "link" leads out; then the other way round; and so on.
class Flipper {
 public:
  explicit Flipper(const fs::path& root) : thread_([this, root](const std::stop_token& stop) { flip(root, stop); }) {}
  [[nodiscard]] std::size_t flips() const { return flips_; }

 private:
  void flip(const fs::path& root, const std::stop_token& stop) {
    const std::string one = root / "swapped";
    const std::string other = root / "link";
    while (!stop.stop_requested()) {
      if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) ++flips_;
    }
  }

  std::atomic<std::size_t> flips_ = 0;
  std::jthread thread_;
};

class Race : public ::testing::Test {
 protected:
  Race() {
    fs::create_directories(root_ / "swapped/deep");
    for (const char* name : {"precious", "victim", "deep/precious", "deep/victim"}) {
      test::write_file(outside_ / name, std::string("outside ") + name);
      test::write_file(root_ / "swapped" / name, "inside");
    }
    fs::create_directory_symlink(outside_.path(), root_ / "link");
    before_ = manifest();
  }

  // Name, inode, times and bytes of everything outside.
  std::map<std::string, std::string> manifest() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(outside_.path())) {
      struct ::stat raw{};
      EXPECT_EQ(::lstat(entry.path().c_str(), &raw), 0);
      all[entry.path()] = std::to_string(raw.st_ino) + ' ' + std::to_string(raw.st_mtim.tv_sec) + '.' +
                          std::to_string(raw.st_mtim.tv_nsec) + ' ' + std::to_string(raw.st_mode) + ' ' +
                          (entry.is_regular_file() ? test::read_file(entry.path()) : "");
    }
    return all;
  }

  void race(const std::function<void(int)>& operation) {
    std::size_t flips = 0;
    {
      const Flipper flipper(root_.path());
      for (int i = 0; i < operations(); ++i) operation(i);
      while (flipper.flips() == 0) std::this_thread::yield();
      flips = flipper.flips();
    }
    EXPECT_GT(flips, 0U) << "it was a race";
    EXPECT_EQ(manifest(), before_);
  }

  TempDir root_;
  TempDir outside_;
  Directory directory_ = Directory::open(root_.text()).value();
  std::map<std::string, std::string> before_;
};

TEST_F(Race, ReadsNothingFromOutside) {
  for (const auto& open : {open_beneath, open_by_parts}) {
    race([&](int) {
      const auto file = open(directory_.fd(), safe("swapped/deep/precious"), {.flags = O_RDONLY, .mode = 0});
      if (!file) return;
      Bytes bytes(6);
      ASSERT_TRUE(file->read_exactly_at(0, bytes));
      EXPECT_EQ(as_text(bytes), "inside");
    });
  }
}

TEST_F(Race, CreatesNothingOutside) {
  race([&](int i) { (void)directory_.create_file(safe("swapped/new-" + std::to_string(i))); });
}

TEST_F(Race, WritesNothingOutside) {
  race([&](int) {
    const auto file = directory_.open_file_for_write(safe("swapped/victim"));
    if (file) (void)file->handle.write_all_at(0, as_bytes("written"));
  });
}

TEST_F(Race, MakesNoFolderOutside) {
  race([&](int i) { (void)directory_.make_directories(safe("swapped/a" + std::to_string(i) + "/b")); });
}

TEST_F(Race, MakesNoLinkOutside) {
  race([&](int i) { (void)directory_.make_symlink(safe("swapped/link-" + std::to_string(i)), "precious"); });
}

TEST_F(Race, RenamesNothingOutside) {
  race([&](int i) {
    const SafePath mine = safe("mine-" + std::to_string(i));
    (void)directory_.create_file(mine);
    (void)directory_.rename_no_replace({.from = mine, .to = safe("swapped/renamed-" + std::to_string(i))});
    (void)directory_.rename_over({.from = mine, .to = safe("swapped/victim")});
    (void)directory_.rename_no_replace({.from = safe("swapped/precious"), .to = safe("stolen-" + std::to_string(i))});
  });
}

TEST_F(Race, RemovesNothingOutside) {
  race([&](int) {
    (void)directory_.remove(safe("swapped/victim"));
    (void)directory_.remove_tree(safe("swapped/deep"));
  });
}

TEST_F(Race, ChangesNoTimesOutside) {
  race([&](int) { (void)directory_.set_mtime(safe("swapped/victim"), UnixNanos{1}); });
}

TEST_F(Race, ScansNothingOutside) {
  race([&](int) {
    const auto root = ShareRoot::open(root_.text());
    if (!root) return;
    const ScanEvents events{.on_entry =
                                [&](const ScannedEntry& entry) {
                                  EXPECT_FALSE(entry.stat.kind == FileKind::kFile && entry.stat.size != 6 &&
                                               entry.path.find("precious") != std::string_view::npos);
                                },
                            .on_skipped = [](const SkippedEntry&) {}};
    (void)scan(*root, events, {});
  });
}

TEST_F(Race, PublishesNoFileOutside) {
  race([&](int i) {
    auto folder = directory_.open_directory(safe("swapped"));
    if (!folder) return;
    auto part = PartFile::create(std::move(*folder), {.name = safe("film-" + std::to_string(i)), .size = 7});
    if (!part) return;
    (void)part->write_chunk_at(0, as_bytes("content"));
    if (i % 2 == 0) {
      (void)part->finish({.mtime = UnixNanos{1}});
    } else {
      (void)part->discard();
    }
  });
}

// The staging folder itself is swapped: its parent is ours, but others may write there too.
TEST_F(Race, PublishesNoFolderOutside) {
  race([&](int i) {
    auto parent = directory_.duplicate();
    ASSERT_TRUE(parent);
    auto target = TreeTarget::resume(std::move(*parent), safe("album-" + std::to_string(i)), safe("swapped"));
    if (!target) return;
    auto writer = target->make_writer();
    ASSERT_TRUE(writer);
    (void)target->put_folder(safe("deep/er"), UnixNanos{1});
    (void)writer->put_small_file(safe("deep/er/victim"), as_bytes("content"), {.mtime = UnixNanos{1}});
    (void)writer->put_small_file(safe("victim"), as_bytes("content"), {.mtime = UnixNanos{1}});
    (void)target->checkpoint();
  });
}

}  // namespace
}  // namespace essaim::storage
