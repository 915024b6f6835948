#include "storage/home.hpp"

#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "storage/identity_file.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;
namespace fs = std::filesystem;

unsigned mode_of(const fs::path& path) {
  struct ::stat raw{};
  return ::stat(path.c_str(), &raw) == 0 ? raw.st_mode & 0777U : 0;
}

TEST(ResolveHome, TakesTheFirstThatIsGiven) {
  EXPECT_EQ(resolve_home({.chosen = "c", .essaim_home = "e", .xdg_data_home = "/x", .user_home = "/h"}), "c");
  EXPECT_EQ(resolve_home({.chosen = "", .essaim_home = "e", .xdg_data_home = "/x", .user_home = "/h"}), "e");
  EXPECT_EQ(resolve_home({.chosen = "", .essaim_home = "", .xdg_data_home = "/x", .user_home = "/h"}), "/x/essaim");
  EXPECT_EQ(resolve_home({.chosen = "", .essaim_home = "", .xdg_data_home = "rel", .user_home = "/h"}),
            "/h/.local/share/essaim");
  EXPECT_EQ(resolve_home({}), "");
}

TEST(Home, IsMadePrivateWithItsParents) {
  const test::TempDir temp;
  const auto home = Home::open((temp / "deep/er/home").string());
  ASSERT_TRUE(home.has_value());
  EXPECT_EQ(mode_of(temp / "deep/er/home"), 0700U);
  EXPECT_EQ(mode_of(temp / "deep/er/home/trees"), 0700U);
  EXPECT_EQ(home->catalogue_path(), (temp / "deep/er/home/catalogue.db").string());
  EXPECT_TRUE(Home::open((temp / "deep/er/home/").string()).has_value()) << "once more, with a slash at the end";
}

TEST(Home, IsLockedByOneProcessAtATimeAndSaysWhich) {
  const test::TempDir temp;
  const auto home = Home::open(temp.text()).value();
  int ready[2];
  int end[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(end), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto theirs = home.lock();
    const char answer = theirs ? 'y' : 'n';
    char byte = 0;
    if (::write(ready[1], &answer, 1) != 1 || ::read(end[0], &byte, 1) != 1) ::_exit(1);
    ::_exit(0);
  }
  char locked = 0;
  ASSERT_EQ(::read(ready[0], &locked, 1), 1);
  ASSERT_EQ(locked, 'y');
  const auto ours = home.lock();
  ASSERT_FALSE(ours.has_value());
  EXPECT_EQ(ours.error().kind, Kind::kLocked);
  EXPECT_EQ(ours.error().holder_pid, child);
  ASSERT_EQ(::write(end[1], "x", 1), 1);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(home.lock().has_value()) << "a process that ends lets go";
  for (const int fd : {ready[0], ready[1], end[0], end[1]}) ::close(fd);
}

class IdentityFileTest : public ::testing::Test {
 protected:
  test::TempDir temp_;
  Home home_ = Home::open(temp_.text()).value();
};

TEST_F(IdentityFileTest, ComesBackAsItWasWritten) {
  EXPECT_EQ(read_identity(home_).value(), std::nullopt);
  ASSERT_TRUE(write_identity(home_, {.key = "KEY\n", .certificate = "CERT\n"}).has_value());
  const auto identity = read_identity(home_).value();
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->key, "KEY\n");
  EXPECT_EQ(identity->certificate, "CERT\n");
  EXPECT_EQ(mode_of(temp_ / "identity.key"), 0600U);
}

TEST_F(IdentityFileTest, NeverOverwritesAKey) {
  ASSERT_TRUE(write_identity(home_, {.key = "first", .certificate = "first"}).has_value());
  EXPECT_EQ(write_identity(home_, {.key = "second", .certificate = "second"}).error().kind, Kind::kExists);
  EXPECT_EQ(read_identity(home_).value()->key, "first");
  EXPECT_EQ(read_identity(home_).value()->certificate, "first");
  ASSERT_TRUE(replace_certificate(home_, "third").has_value());
  EXPECT_EQ(read_identity(home_).value()->key, "first");
  EXPECT_EQ(read_identity(home_).value()->certificate, "third");
}

TEST_F(IdentityFileTest, KeepsTheOldIdentityBesideTheOneThatTakesItsPlace) {
  ASSERT_TRUE(write_identity(home_, {.key = "first", .certificate = "of first"}).has_value());
  EXPECT_EQ(exchange_identity(home_, {.key = "second", .certificate = "of second"}), "identity.key.old-1");
  EXPECT_EQ(exchange_identity(home_, {.key = "third", .certificate = "of third"}), "identity.key.old-2");
  EXPECT_EQ(read_identity(home_).value()->key, "third");
  EXPECT_EQ(read_identity(home_).value()->certificate, "of third");
  EXPECT_EQ(test::read_file(temp_ / "identity.key.old-1"), "first");
  EXPECT_EQ(test::read_file(temp_ / "identity.crt.old-1"), "of first");
  EXPECT_EQ(test::read_file(temp_ / "identity.key.old-2"), "second");
  EXPECT_EQ(mode_of(temp_ / "identity.key"), 0600U);
  EXPECT_EQ(mode_of(temp_ / "identity.key.old-1"), 0600U);
}

TEST_F(IdentityFileTest, RefusesAKeyThatOthersCanRead) {
  ASSERT_TRUE(write_identity(home_, {.key = "key", .certificate = "cert"}).has_value());
  for (const unsigned mode : {0640U, 0604U, 0620U}) {
    ASSERT_EQ(::chmod((temp_ / "identity.key").c_str(), mode), 0);
    EXPECT_EQ(read_identity(home_).error().kind, Kind::kPermission) << mode;
  }
}

TEST_F(IdentityFileTest, SurvivesAStopAtAnyPointOfWriting) {
  // What can be there after a stop: a temporary file, or a certificate without its key.
  test::write_file(temp_ / "identity.key.new", "half a k");
  test::write_file(temp_ / "identity.crt", "of a key that was never kept");
  EXPECT_EQ(read_identity(home_).value(), std::nullopt);
  ASSERT_TRUE(write_identity(home_, {.key = "key", .certificate = "cert"}).has_value());
  EXPECT_EQ(read_identity(home_).value()->certificate, "cert");
  EXPECT_FALSE(fs::exists(temp_ / "identity.key.new"));
}

TEST_F(IdentityFileTest, TakesFilesUpToItsLimit) {
  for (const std::size_t size : {kIdentityFileBytesMax - 1, kIdentityFileBytesMax, kIdentityFileBytesMax + 1}) {
    fs::remove(temp_ / "identity.key");
    ASSERT_TRUE(write_identity(home_, {.key = std::string(size, 'k'), .certificate = "cert"}).has_value());
    EXPECT_EQ(read_identity(home_).has_value(), size <= kIdentityFileBytesMax) << size;
  }
}

TEST_F(IdentityFileTest, MissesTheCertificateOfAKey) {
  ASSERT_TRUE(write_identity(home_, {.key = "key", .certificate = "cert"}).has_value());
  fs::remove(temp_ / "identity.crt");
  EXPECT_EQ(read_identity(home_).error().kind, Kind::kCorrupt);
}

}  // namespace
}  // namespace essaim::storage
