// Somebody who may write in a folder of ours swaps folders for links that lead out of it, as fast as the system can,
// while we work there. Nothing outside may change, whatever is answered.
#include <atomic>
#include <chrono>
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

  // Operates so often, and on until the folder was swapped a good many times meanwhile. `operation` answers whether it
  // found the folder.
  void race(const std::function<bool(int)>& operation) {
    const auto wanted = static_cast<std::size_t>(operations());
    std::size_t found = 0;
    std::size_t tries = 0;
    {
      const Flipper flipper(root_.path());
      const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
      while (tries < wanted || flipper.flips() < wanted || found == 0 || found == tries) {
        if (tries % 64 == 0 && std::chrono::steady_clock::now() > give_up) break;
        found += operation(static_cast<int>(tries++)) ? 1U : 0U;
        if (tries % 16 == 0) std::this_thread::yield();
      }
      EXPECT_GE(flipper.flips(), wanted) << "it was a race";
    }
    EXPECT_GE(tries, wanted);
    EXPECT_GT(found, 0U) << "the folder was met";
    EXPECT_LT(found, tries) << "and the link";
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
      if (!file) return false;
      Bytes bytes(6);
      EXPECT_TRUE(file->read_exactly_at(0, bytes));
      EXPECT_EQ(as_text(bytes), "inside");
      return true;
    });
  }
}

TEST_F(Race, CreatesNothingOutside) {
  race([&](int i) { return directory_.create_file(safe("swapped/new-" + std::to_string(i))).has_value(); });
}

TEST_F(Race, WritesNothingOutside) {
  race([&](int) {
    const auto file = directory_.open_file_for_write(safe("swapped/victim"));
    return file && file->handle.write_all_at(0, as_bytes("written"));
  });
}

TEST_F(Race, MakesNoFolderOutside) {
  race([&](int i) {
    return directory_.make_directories(safe("swapped/a" + std::to_string(i % 100) + "/b")).has_value();
  });
}

TEST_F(Race, MakesNoLinkOutside) {
  race([&](int i) {
    return directory_.make_symlink(safe("swapped/link-" + std::to_string(i)), "precious").has_value();
  });
}

TEST_F(Race, RenamesNothingOutside) {
  race([&](int i) {
    const SafePath mine = safe("mine-" + std::to_string(i));
    (void)directory_.create_file(mine);
    const SafePath stolen = safe("stolen-" + std::to_string(i));
    const bool there = directory_.rename_over({.from = mine, .to = safe("swapped/victim")}).has_value();
    (void)directory_.rename_no_replace({.from = safe("swapped/precious"), .to = stolen});
    (void)directory_.rename_no_replace({.from = stolen, .to = safe("swapped/precious")});
    (void)directory_.remove(mine);
    return there;
  });
}

TEST_F(Race, RemovesNothingOutside) {
  race([&](int) {
    (void)directory_.create_file(safe("swapped/victim"));
    (void)directory_.make_directories(safe("swapped/deep/victim"));
    const bool there = directory_.remove(safe("swapped/victim")).has_value();
    (void)directory_.remove_tree(safe("swapped/deep"));
    return there;
  });
}

TEST_F(Race, ChangesNoTimesOutside) {
  race([&](int) { return directory_.set_mtime(safe("swapped/victim"), UnixNanos{1}).has_value(); });
}

TEST_F(Race, ScansNothingOutside) {
  race([&](int) {
    const auto root = ShareRoot::open(root_.text());
    if (!root) return false;
    bool met_folder = false;
    const ScanEvents events{.on_entry =
                                [&](const ScannedEntry& entry) {
                                  met_folder |= entry.path == "swapped/deep";
                                  EXPECT_FALSE(entry.stat.kind == FileKind::kFile && entry.stat.size != 6 &&
                                               entry.path.find("precious") != std::string_view::npos);
                                },
                            .on_skipped = [](const SkippedEntry&) {}};
    (void)scan(*root, events, {});
    return met_folder;
  });
}

TEST_F(Race, PublishesNoFileOutside) {
  race([&](int i) {
    auto folder = directory_.open_directory(safe("swapped"));
    if (!folder) return false;
    auto part = PartFile::create(std::move(*folder), {.name = safe("film-" + std::to_string(i)), .size = 7});
    if (!part) return true;
    (void)part->write_chunk_at(0, as_bytes("content"));
    if (i % 2 == 0) {
      (void)part->finish({.mtime = UnixNanos{1}});
    } else {
      (void)part->discard();
    }
    return true;
  });
}

// The staging folder itself is swapped: its parent is ours, but others may write there too.
TEST_F(Race, PublishesNoFolderOutside) {
  race([&](int i) {
    auto parent = directory_.duplicate();
    if (!parent) return false;
    auto target = TreeTarget::resume(std::move(*parent), safe("album-" + std::to_string(i)), safe("swapped"));
    if (!target) return false;
    auto writer = target->make_writer();
    if (!writer) return false;
    (void)target->put_folder(safe("deep/er"), UnixNanos{1});
    (void)writer->put_small_file(safe("deep/er/victim"), as_bytes("content"), {.mtime = UnixNanos{1}});
    (void)writer->put_small_file(safe("victim"), as_bytes("content"), {.mtime = UnixNanos{1}});
    if (i % 100 == 0) (void)target->checkpoint();
    return true;
  });
}

}  // namespace
}  // namespace essaim::storage
