#include "storage/file_handle.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

FileHandle open_new(const std::filesystem::path& path) {
  return FileHandle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

TEST(FileHandle, SaysThatTheDiskIsFull) {
  const FileHandle full(::open("/dev/full", O_RDWR | O_CLOEXEC));
  ASSERT_TRUE(full.is_open());
  EXPECT_EQ(full.write_all_at(0, as_bytes("x")).error().kind, Kind::kDiskFull);
}

TEST(FileHandle, FinishesAWriteThatTheKernelCutShortOrSaysSo) {
  const test::TempDir temp;
  const FileHandle file = open_new(temp / "file");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto over_limit = file.write_all_at(0, as_bytes(test::noise(1001)));
  const auto at_limit = file.write_all_at(0, as_bytes(test::noise(1000)));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(over_limit.error().kind, Kind::kTooLarge);
  EXPECT_TRUE(at_limit.has_value());
}

TEST(FileHandle, WritesZerosWithoutChangingTheSize) {
  const test::TempDir temp;
  const FileHandle file = open_new(temp / "file");
  ASSERT_TRUE(file.write_all_at(0, as_bytes(std::string(300'000, 'x'))).has_value());
  ASSERT_TRUE(file.write_zeros_at(100, 200'000).has_value());
  const std::string content = test::read_file(temp / "file");
  ASSERT_EQ(content.size(), 300'000U);
  EXPECT_EQ(content, std::string(100, 'x') + std::string(200'000, '\0') + std::string(99'900, 'x'));
}

TEST(FileHandle, ClosesOnceAndMovesOwnership) {
  const test::TempDir temp;
  FileHandle first = open_new(temp / "file");
  const int fd = first.fd();
  FileHandle second = std::move(first);
  EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move): that is the question
  EXPECT_EQ(second.fd(), fd);
  second = FileHandle();
  EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
}

}  // namespace
}  // namespace essaim::storage
