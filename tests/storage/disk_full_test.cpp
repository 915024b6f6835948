// Downloads onto a disk of 8 MiB: a memory file system in a mount namespace of the test's own.
#include <fstream>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "storage/disk_space.hpp"
#include "storage/part_file.hpp"
#include "storage/tree_target.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

constexpr int kCannotMount = 77;

SafePath safe(std::string_view text) { return SafePath::parse(text).value(); }

// Mounts need a namespace of their own; who is not root needs one as well in which to be root.
bool enter_own_mounts() {
  const std::string uid_map = "0 " + std::to_string(::geteuid()) + " 1";
  const std::string gid_map = "0 " + std::to_string(::getegid()) + " 1";
  if (::unshare(CLONE_NEWNS) != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/uid_map") << uid_map;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/gid_map") << gid_map;
  }
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

// Runs `check` in a child process in which `path` is a small disk; answers the child's exit code: 0 if check() said
// yes. noexcept, so that nothing of the child gets back into the test program.
template <class Check>
int on_small_disk(const std::string& path, const char* options, Check check) noexcept {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!enter_own_mounts() || ::mount("tmpfs", path.c_str(), "tmpfs", 0, options) != 0) ::_exit(kCannotMount);
    ::_exit(check() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(DiskFull, IsSaidByTheChunkThatDoesNotFitAndIsNotForEver) {
  const test::TempDir temp;
  const int code = on_small_disk(temp.text(), "size=8m", [&] {
    test::write_file(temp / "other", std::string(4 << 20, 'o'));
    auto part =
        PartFile::create(Directory::open(temp.text()).value(), {.name = safe("file"), .size = 6 * kMiB}).value();
    const std::string chunk = test::noise(kMiB);
    std::uint64_t at = 0;
    Result<void> written;
    while (at < 6 * kMiB && (written = part.write_chunk_at(at, as_bytes(chunk)))) at += kMiB;
    if (written || written.error().kind != Kind::kDiskFull) return false;
    std::filesystem::remove(temp / "other");
    for (; at < 6 * kMiB; at += kMiB) {
      if (!part.write_chunk_at(at, as_bytes(chunk))) return false;
    }
    return part.finish({}).has_value() && std::filesystem::file_size(temp / "file") == 6 * kMiB;
  });
  if (code == kCannotMount) GTEST_SKIP() << "no right to mount here";
  EXPECT_EQ(code, 0);
}

TEST(DiskFull, OfFileNodesIsSaidToo) {
  const test::TempDir temp;
  const int code = on_small_disk(temp.text(), "size=8m,nr_inodes=20", [&] {
    auto target = TreeTarget::create(Directory::open(temp.text()).value(), safe("tree")).value();
    auto writer = target.make_writer().value();
    for (int i = 0; i < 30; ++i) {
      const auto put = writer.put_small_file(safe("f" + std::to_string(i)), as_bytes("x"), {});
      if (!put) return put.error().kind == Kind::kDiskFull && target.discard().has_value();
    }
    return false;
  });
  if (code == kCannotMount) GTEST_SKIP() << "no right to mount here";
  EXPECT_EQ(code, 0);
}

TEST(DiskFull, OnAReadOnlyDiskIsRefusedAtTheStart) {
  const test::TempDir temp;
  const int code = on_small_disk(temp.text(), "size=8m", [&] {
    const Directory folder = Directory::open(temp.text()).value();
    if (::mount("none", temp.text().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) return false;
    const auto part = PartFile::create(folder.duplicate().value(), {.name = safe("file"), .size = 1});
    const auto tree = TreeTarget::create(folder.duplicate().value(), safe("tree"));
    return !part && part.error().kind == Kind::kReadOnly && !tree && tree.error().kind == Kind::kReadOnly;
  });
  if (code == kCannotMount) GTEST_SKIP() << "no right to mount here";
  EXPECT_EQ(code, 0);
}

TEST(DiskSpace, ReservesOnePercentButAtLeastHalfAGigabyte) {
  const struct {
    std::uint64_t total;
    std::uint64_t reserve;
  } cases[] = {{0, 0},
               {16 * kMiB, kMiB},
               {8 * kGiB, 512 * kMiB},
               {50 * kGiB, 512 * kMiB},
               {100 * kGiB, kGiB},
               {1000 * kGiB, 10 * kGiB}};
  for (const auto& [total, reserve] : cases) EXPECT_EQ(reserve_bytes(total), reserve) << total;
}

TEST(DiskSpace, HasRoomUpToTheReserve) {
  const std::uint64_t total = 100 * kGiB;
  const DiskSpace space{.total_bytes = total, .free_bytes = 3 * kGiB};
  EXPECT_TRUE(has_room_for(space, 2 * kGiB - 1));
  EXPECT_TRUE(has_room_for(space, 2 * kGiB));
  EXPECT_FALSE(has_room_for(space, 2 * kGiB + 1));
  EXPECT_FALSE(has_room_for({.total_bytes = total, .free_bytes = kGiB - 1}, 0));
  EXPECT_FALSE(has_room_for(space, UINT64_MAX));
}

TEST(DiskSpace, IsKnownOfAnyFolder) {
  const test::TempDir temp;
  const auto space = disk_space_of(Directory::open(temp.text()).value());
  ASSERT_TRUE(space.has_value());
  EXPECT_GT(space->total_bytes, 0U);
  EXPECT_LE(space->free_bytes, space->total_bytes);
}

}  // namespace
}  // namespace essaim::storage
