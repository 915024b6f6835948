#include "storage/sandbox.hpp"

#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

using test::TempDir;

// In a process of its own, since there is no way back: the sum of what `tries` answers, and 100 where the sandbox
// failed.
int in_a_sandbox(const SandboxPlaces& places, const std::function<int()>& tries) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(enter_sandbox(places) ? tries() : 100);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
}

bool can_open(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

class Sandbox : public ::testing::Test {
 protected:
  Sandbox() {
    for (const char* folder : {"shared", "home", "private"}) test::write_file(temp_ / folder / "file", "text");
  }
  void SetUp() override {
    if (sandbox_version() == 0) GTEST_SKIP() << "this kernel has no Landlock";
  }
  [[nodiscard]] std::string at(const char* path) const { return (temp_ / path).string(); }
  [[nodiscard]] SandboxPlaces places() const {
    return {.read = {at("shared"), at("not there")}, .list = {}, .write = {at("home")}};
  }
  TempDir temp_;
};

TEST_F(Sandbox, LeavesWhatIsNamed) {
  EXPECT_EQ(in_a_sandbox(places(),
                         [this] {
                           const bool reads = can_open(at("shared/file"), O_RDONLY);
                           const bool writes = can_open(at("home/new"), O_RDWR | O_CREAT | O_EXCL) &&
                                               ::rename(at("home/new").c_str(), at("home/old").c_str()) == 0 &&
                                               ::truncate(at("home/old").c_str(), 5) == 0 &&
                                               ::mkdir(at("home/folder").c_str(), 0700) == 0 &&
                                               ::unlink(at("home/old").c_str()) == 0;
                           const bool system =
                               can_open("/etc/passwd", O_RDONLY) && can_open("/proc/self/status", O_RDONLY);
                           return (reads ? 0 : 1) + (writes ? 0 : 2) + (system ? 0 : 4);
                         }),
            0);
}

TEST_F(Sandbox, TakesEverythingElse) {
  EXPECT_EQ(in_a_sandbox(places(),
                         [this] {
                           const bool reads =
                               can_open(at("private/file"), O_RDONLY) || can_open(at("private"), O_RDONLY);
                           const bool writes = can_open(at("shared/file"), O_WRONLY) ||
                                               can_open(at("private/new"), O_WRONLY | O_CREAT) ||
                                               can_open(at("shared/new"), O_WRONLY | O_CREAT) ||
                                               ::unlink(at("shared/file").c_str()) == 0 ||
                                               ::rename(at("shared/file").c_str(), at("home/x").c_str()) == 0 ||
                                               ::mkdir(at("folder").c_str(), 0700) == 0;
                           const bool runs = ::execl("/bin/true", "/bin/true", nullptr) == 0;
                           return (reads ? 1 : 0) + (writes ? 2 : 0) + (runs ? 4 : 0);
                         }),
            0);
}

TEST_F(Sandbox, ListsFoldersOfWhichItReadsNoFile) {
  SandboxPlaces with_list = places();
  with_list.list = {at("private")};
  EXPECT_EQ(in_a_sandbox(with_list,
                         [this] {
                           const bool lists = can_open(at("private"), O_RDONLY | O_DIRECTORY);
                           const bool reads = can_open(at("private/file"), O_RDONLY);
                           return (lists ? 0 : 1) + (reads ? 2 : 0);
                         }),
            0);
}

}  // namespace
}  // namespace essaim::storage
